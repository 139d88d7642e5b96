import { randomUUID } from 'node:crypto'
import { inArray, isNull } from 'drizzle-orm'
import { logLeaf, logPayload } from '@/db/schema/platform/log'
import { bidAct } from '@/db/schema/trading/bid'
import type { Ctx } from '~/platform/ctx'
import { closePadded, openJson } from '~/platform/vault/vault.server'
import type { RefusalFacts } from '~/shared/refusal.text'
import type { KeptStage } from './kept-stage.server'

interface Common {
  lotId: string
  round: number
  organisationId: string
  personId: string
  /** When the database's clock saw it, ISO 8601. */
  at: string
  entryId: string
}

/** What the box of an act on a bid holds: nothing of it stands in clear before opening (crypto.md §10.2). */
export type ActBox = Common &
  (
    | {
        kind: 'submit'
        seq: number
        statement: string
        cms: string
        uploads: Record<string, string>
        stages: KeptStage[]
        termsVersion: number
      }
    | { kind: 'confirm'; statement: string; cms: string; statementHash: string; termsVersion: number }
    | { kind: 'refused'; statementHash: string; code: string; facts: RefusalFacts; text: string }
  )

type Opened<B> = B extends { kind: 'submit' | 'confirm' }
  ? Omit<B, 'at' | 'cms'> & { at: Date; cms: Uint8Array }
  : Omit<B, 'at'> & { at: Date }

/** An act with its place in the log: `leaf` in hex. */
export type SealedAct = Opened<ActBox> & { id: string; leafIdx: number; leaf: string }

export type OwnAct = ActBox & { id: string }

const about = (id: string) => `bid act ${id}`

/** Names an act for its owner: a dump without the tag key links it to nobody. */
export function tagOf(
  ctx: Ctx,
  lotId: string,
  round: number,
  organisationId: string,
  kind: ActBox['kind'],
  seq: number,
): Uint8Array {
  return ctx.platform.vault.tag('bid act', lotId, String(round), organisationId, kind, String(seq))
}

const pgUnique = '23505'
const isTaken = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause ? error.cause : error
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === pgUnique
}

/** Keeps an act in its box. False when its owner already has one of this kind and number. */
export async function keepAct(ctx: Ctx, seq: number, box: ActBox): Promise<boolean> {
  const id = randomUUID()
  const ownerTag = tagOf(ctx, box.lotId, box.round, box.organisationId, box.kind, seq)
  try {
    await ctx.db.insert(bidAct).values({ id, ownerTag, box: closePadded(ctx.platform.vault, about(id), box) })
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

const pageOfTags = 32

/** The organisation's own acts of one kind on a lot, in their order. */
export async function listOwnActs<K extends ActBox['kind']>(
  ctx: Ctx,
  { lotId, round, organisationId }: Pick<Common, 'lotId' | 'round' | 'organisationId'>,
  kind: K,
): Promise<Extract<OwnAct, { kind: K }>[]> {
  const found: Extract<OwnAct, { kind: K }>[] = []
  for (let first = 1; ; first += pageOfTags) {
    const tags = Array.from({ length: pageOfTags }, (_, i) => tagOf(ctx, lotId, round, organisationId, kind, first + i))
    const rows = await ctx.db.select().from(bidAct).where(inArray(bidAct.ownerTag, tags))
    const order = new Map(tags.map((tag, i) => [Buffer.from(tag).toString('hex'), i]))
    const placed = rows
      .map(row => ({ row, at: order.get(Buffer.from(row.ownerTag).toString('hex')) ?? 0 }))
      .sort((a, b) => a.at - b.at)
    for (const { row } of placed) {
      found.push({ ...openJson<Extract<ActBox, { kind: K }>>(ctx.platform.vault, about(row.id), row.box), id: row.id } as Extract<
        OwnAct,
        { kind: K }
      >)
    }
    if (rows.length < pageOfTags) return found
  }
}

async function placesOf(ctx: Ctx, entryIds: string[]): Promise<Map<string, { leafIdx: number; leaf: string }>> {
  const places = new Map<string, { leafIdx: number; leaf: string }>()
  for (let at = 0; at < entryIds.length; at += 1000) {
    const ids = entryIds.slice(at, at + 1000)
    const rows = await ctx.db
      .select({ entryId: logPayload.entryId, idx: logPayload.idx })
      .from(logPayload)
      .where(inArray(logPayload.entryId, ids))
    const leaves = await ctx.db
      .select()
      .from(logLeaf)
      .where(
        inArray(
          logLeaf.idx,
          rows.map(row => row.idx),
        ),
      )
    const hashes = new Map(leaves.map(({ idx, leaf }) => [idx, Buffer.from(leaf).toString('hex')]))
    for (const { entryId, idx } of rows) places.set(entryId, { leafIdx: idx, leaf: hashes.get(idx)! })
  }
  return places
}

/** Opens every box that is still sealed and groups those of the given lots; the others stay what they were. The log must have been flushed. */
export async function listSealedActs(ctx: Ctx, lotIds: string[]): Promise<Map<string, SealedAct[]>> {
  const wanted = new Set(lotIds)
  const rows = await ctx.db.select({ id: bidAct.id, box: bidAct.box }).from(bidAct).where(isNull(bidAct.openedAt))
  const acts = rows
    .map(({ id, box }) => ({ ...openJson<ActBox>(ctx.platform.vault, about(id), box), id }))
    .filter(act => wanted.has(act.lotId))
  const places = await placesOf(
    ctx,
    acts.map(act => act.entryId),
  )
  const grouped = new Map<string, SealedAct[]>()
  for (const act of acts) {
    const place = places.get(act.entryId)
    if (!place) throw new Error('an act on a bid has no place in the log yet')
    grouped.set(act.lotId, [...(grouped.get(act.lotId) ?? []), { ...opened(act), ...place }])
  }
  return grouped
}

function opened(act: OwnAct): Opened<ActBox> & { id: string } {
  const at = new Date(act.at)
  if (act.kind === 'refused') return { ...act, at }
  const cms = new Uint8Array(Buffer.from(act.cms, 'base64'))
  return act.kind === 'submit' ? { ...act, at, cms } : { ...act, at, cms }
}
