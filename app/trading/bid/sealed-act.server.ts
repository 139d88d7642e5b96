import { randomUUID } from 'node:crypto'
import { inArray, sql } from 'drizzle-orm'
import { packed } from '@/db/packed'
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

export type Owner = Pick<Common, 'lotId' | 'round' | 'organisationId'>

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
    /** Sending of a bid began; `statementHash` null where the sender has not signed yet. */
    | { kind: 'begun'; statementHash: string | null; address: string }
    | { kind: 'refused'; statementHash: string; code: string; facts: RefusalFacts; text: string; address: string }
  )

/** An act as it is used: its time and signature no longer text. */
export type Opened<B> = B extends { kind: 'submit' | 'confirm' }
  ? Omit<B, 'at' | 'cms'> & { at: Date; cms: Uint8Array }
  : Omit<B, 'at'> & { at: Date }

/** An act with its place in the log: `leaf` in hex. */
export type SealedAct = Opened<ActBox> & { id: string; leafIdx: number; leaf: string }

export type OwnAct = ActBox & { id: string }

/** What the box of an act is bound to. */
export const about = (id: string) => `bid act ${id}`

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

/** Room for a bid of several files: what began, came, was confirmed, withdrawn or refused looks the same in its row. */
const actBytes = 8192

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
    await ctx.db.insert(bidAct).values({ id, ownerTag, box: closePadded(ctx.platform.vault, about(id), box, actBytes) })
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

export interface ActToKeep {
  /** Its number among its owner's acts of this kind. */
  seq: number
  box: ActBox
}

/** Keeps acts in their boxes; false for one whose place its owner has filled meanwhile. */
export async function keepActs(ctx: Ctx, acts: ActToKeep[]): Promise<boolean[]> {
  if (acts.length === 0) return []
  const rows = acts.map(({ seq, box }) => {
    const id = randomUUID()
    const ownerTag = tagOf(ctx, box.lotId, box.round, box.organisationId, box.kind, seq)
    return { id, ownerTag, box: closePadded(ctx.platform.vault, about(id), box, actBytes) }
  })
  const [tags, boxes] = [packed(rows.map(row => row.ownerTag)), packed(rows.map(row => row.box))]
  const { rows: kept } = await ctx.db.execute<{ id: string }>(sql`
    insert into bid_act (id, owner_tag, box)
    select i, substr(${tags.bytes}::bytea, ts, tz), substr(${boxes.bytes}::bytea, bs, bz)
    from unnest(${sql.param(rows.map(row => row.id))}::uuid[], ${sql.param(tags.starts)}::int[], ${sql.param(tags.sizes)}::int[],
      ${sql.param(boxes.starts)}::int[], ${sql.param(boxes.sizes)}::int[]) as n(i, ts, tz, bs, bz)
    on conflict do nothing returning id`)
  const ids = new Set(kept.map(row => row.id))
  return rows.map(row => ids.has(row.id))
}

/** Acts of one kind by their owner's tags (hex). */
export async function readActs<K extends ActBox['kind']>(
  ctx: Ctx,
  tags: string[],
): Promise<Map<string, Extract<OwnAct, { kind: K }>>> {
  if (tags.length === 0) return new Map()
  const wanted = tags.map(tag => new Uint8Array(Buffer.from(tag, 'hex')))
  const rows = await ctx.db.select().from(bidAct).where(inArray(bidAct.ownerTag, wanted))
  const opened = rows.map(row => {
    const act = { ...openJson<Extract<ActBox, { kind: K }>>(ctx.platform.vault, about(row.id), row.box), id: row.id }
    return [Buffer.from(row.ownerTag).toString('hex'), act as Extract<OwnAct, { kind: K }>] as const
  })
  return new Map(opened)
}

/** Which of these numbers the owner's acts of this kind have, by their tags alone: no box is opened. */
async function takenOf(ctx: Ctx, owner: Owner, kind: ActBox['kind'], numbers: number[]): Promise<number[]> {
  if (numbers.length === 0) return []
  const { lotId, round, organisationId } = owner
  const tags = new Map(
    numbers.map(n => [Buffer.from(tagOf(ctx, lotId, round, organisationId, kind, n)).toString('hex'), n] as const),
  )
  const wanted = [...tags.keys()].map(tag => new Uint8Array(Buffer.from(tag, 'hex')))
  const rows = await ctx.db.select({ tag: bidAct.ownerTag }).from(bidAct).where(inArray(bidAct.ownerTag, wanted))
  return rows.map(row => tags.get(Buffer.from(row.tag).toString('hex')) ?? 0)
}

/** How many acts of this kind the owner has, at most `most`. They are numbered without gaps, so a few look-ups find the last. */
export async function countOwnActs(ctx: Ctx, owner: Owner, kind: ActBox['kind'], most: number): Promise<number> {
  const doublings = [...Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, i) => 2 ** i), most]
  const last = Math.max(0, ...(await takenOf(ctx, owner, kind, doublings)))
  const next = doublings.find(n => n > last) ?? most
  const between = Array.from({ length: Math.max(0, next - last - 1) }, (_, i) => last + 1 + i)
  return Math.max(last, ...(await takenOf(ctx, owner, kind, between)))
}

const pageOfTags = 32

/** The organisation's own acts of one kind on a lot, in their order. */
export async function listOwnActs<K extends ActBox['kind']>(
  ctx: Ctx,
  { lotId, round, organisationId }: Owner,
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
