import { inArray, isNull, sql } from 'drizzle-orm'
import { bidAct } from '@/db/schema/trading/bid'
import { pace } from '~/platform/audit/pace.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { openJson } from '~/platform/vault/vault.server'
import { type ActBox, about, type Opened, type OwnAct, type SealedAct } from './sealed-act.server'

type Place = { leafIdx: number; leaf: string }
type Known = { act: OwnAct; place: Place | null }

/**
 * What this process has seen of the sealed acts: which lot each is of, and those of lots that are soon due. Grouping by lot
 * exists nowhere but here (crypto.md §10.2).
 */
type Index = { lots: Map<string, string>; acts: Map<string, Known> }

const indexes = new WeakMap<Platform, Index>()

function indexOf(platform: Platform): Index {
  const index = indexes.get(platform) ?? { lots: new Map(), acts: new Map() }
  indexes.set(platform, index)
  return index
}

const boxesAtOnce = 500

/** Opens boxes, a page at a time: of every act its lot is remembered, of those of wanted lots what they hold. */
async function openBoxes(ctx: Ctx, index: Index, ids: string[], wanted: Set<string>): Promise<void> {
  const turn = pace()
  for (let at = 0; at < ids.length; at += boxesAtOnce) {
    const page = ids.slice(at, at + boxesAtOnce)
    const rows = await ctx.db.select({ id: bidAct.id, box: bidAct.box }).from(bidAct).where(inArray(bidAct.id, page))
    for (const { id, box } of rows) {
      const act = { ...openJson<ActBox>(ctx.platform.vault, about(id), box), id } as OwnAct
      index.lots.set(id, act.lotId)
      if (wanted.has(act.lotId)) index.acts.set(id, { act, place: null })
      await turn()
    }
  }
}

async function findPlaces(ctx: Ctx, known: Known[]): Promise<void> {
  const without = known.filter(one => one.place === null)
  if (without.length === 0) return
  const { rows } = await ctx.db.execute<{ id: string; idx: string; leaf: string }>(sql`
    select p.entry_id as id, l.idx, encode(l.leaf, 'hex') as leaf
    from log_payload p join log_leaf l on l.idx = p.idx
    where p.entry_id = any(${sql.param(without.map(one => one.act.entryId))}::uuid[])`)
  const places = new Map(rows.map(({ id, idx, leaf }) => [id, { leafIdx: Number(idx), leaf }]))
  for (const one of without) one.place = places.get(one.act.entryId) ?? null
}

/** The sealed acts of these lots, from memory where they were seen before. */
async function knownOf(ctx: Ctx, wanted: Set<string>): Promise<Known[]> {
  const index = indexOf(ctx.platform)
  const rows = await ctx.db.select({ id: bidAct.id }).from(bidAct).where(isNull(bidAct.openedAt))
  const ids = rows.map(row => row.id)
  const isMissing = (id: string) => {
    const lotId = index.lots.get(id)
    return lotId === undefined || (wanted.has(lotId) && !index.acts.has(id))
  }
  await openBoxes(ctx, index, ids.filter(isMissing), wanted)
  const sealed = new Set(ids)
  for (const id of index.lots.keys()) if (!sealed.has(id)) index.lots.delete(id)
  for (const id of index.acts.keys()) if (!sealed.has(id)) index.acts.delete(id)
  const known = ids.filter(id => wanted.has(index.lots.get(id) ?? '')).flatMap(id => index.acts.get(id) ?? [])
  await findPlaces(ctx, known)
  return known
}

/** Reads ahead what the deadline of these lots will need, into the memory of this process and nowhere else. */
export async function readAhead(ctx: Ctx, lotIds: string[]): Promise<void> {
  if (lotIds.length > 0) await knownOf(ctx, new Set(lotIds))
}

/** Every act of the given lots that is still sealed, by lot; the others stay what they were. The log must have been flushed. */
export async function listSealedActs(ctx: Ctx, lotIds: string[]): Promise<Map<string, SealedAct[]>> {
  const grouped = new Map<string, SealedAct[]>()
  for (const { act, place } of await knownOf(ctx, new Set(lotIds))) {
    if (!place) throw new Error('an act on a bid has no place in the log yet')
    const own = grouped.get(act.lotId) ?? []
    grouped.set(act.lotId, own)
    own.push({ ...opened(act), ...place })
  }
  return grouped
}

/** What a deadline's lots were listed from need not stay in memory; whoever wants it again reads it again. */
export function forgetActs({ platform }: Ctx, acts: Map<string, SealedAct[]>): void {
  const index = indexOf(platform)
  for (const own of acts.values()) for (const { id } of own) index.acts.delete(id)
}

function opened(act: OwnAct): Opened<ActBox> & { id: string } {
  const at = new Date(act.at)
  if (act.kind === 'refused' || act.kind === 'begun') return { ...act, at }
  const cms = new Uint8Array(Buffer.from(act.cms, 'base64'))
  return act.kind === 'submit' ? { ...act, at, cms } : { ...act, at, cms }
}
