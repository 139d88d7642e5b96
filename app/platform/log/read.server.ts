import { and, asc, desc, eq, gt, gte, inArray, isNotNull, sql } from 'drizzle-orm'
import { logCheckpoint, logPayload } from '@/db/schema/platform/log'
import { Refusal } from '~/shared/refusal'
import type { Ctx, Platform } from '../ctx'
import { openJson } from '../vault/vault.server'
import type { PayloadBox } from './append.server'
import { consistencyRanges, inclusionRanges, rangeHashes } from './tree.server'

export type Checkpoint = typeof logCheckpoint.$inferSelect

/** The newest public checkpoint, or null while the log has none. */
export async function readPublicCheckpoint(ctx: Ctx): Promise<Checkpoint | null> {
  const [row] = await ctx.db
    .select()
    .from(logCheckpoint)
    .where(eq(logCheckpoint.isPublic, true))
    .orderBy(desc(logCheckpoint.size))
    .limit(1)
  return row ?? null
}

/** The first checkpoint that covers leaf `idx`: the one named in its receipt. */
export async function readCheckpointCovering(ctx: Ctx, idx: number): Promise<Checkpoint | null> {
  const [row] = await ctx.db
    .select()
    .from(logCheckpoint)
    .where(gt(logCheckpoint.size, idx))
    .orderBy(asc(logCheckpoint.size))
    .limit(1)
  return row ?? null
}

export interface Place {
  idx: number
  /** The first checkpoint that covers it: the one named in its receipt. */
  checkpoint: Pick<Checkpoint, 'size' | 'note' | 'cosignature' | 'tsaToken'>
}

type Covered = { ids: string[]; idxs: string[]; size: string; note: string; cosignature: string | null; token: Uint8Array | null }

/** Where entries stand in the log; those without an index or a checkpoint yet are missing. */
export async function readPlaces(ctx: Ctx, entryIds: string[]): Promise<Map<string, Place>> {
  if (entryIds.length === 0) return new Map()
  const { rows } = await ctx.db.execute<Covered>(sql`
    with place as (
      select p.entry_id, p.idx, (select size from log_checkpoint where size > p.idx order by size limit 1) as size
      from log_payload p where p.entry_id = any(${sql.param(entryIds)}::uuid[]))
    select array_agg(entry_id::text) as ids, array_agg(idx::text) as idxs, c.size, c.note, c.cosignature, c.tsa_token as token
    from place join log_checkpoint c using (size) group by c.size`)
  return new Map(
    rows.flatMap(({ ids, idxs, size, note, cosignature, token }) => {
      const checkpoint = { size: Number(size), note, cosignature, tsaToken: token }
      return ids.map((id, i) => [id, { idx: Number(idxs[i]), checkpoint }] as const)
    }),
  )
}

/** The first cosigned checkpoint whose size exceeds `idx`, or null while the witness has not cosigned one. */
export async function readCosignedCovering(ctx: Ctx, idx: number): Promise<Checkpoint | null> {
  const cosigned = and(gt(logCheckpoint.size, idx), isNotNull(logCheckpoint.cosignature))
  const [row] = await ctx.db.select().from(logCheckpoint).where(cosigned).orderBy(asc(logCheckpoint.size)).limit(1)
  return row ?? null
}

/** The last cosigned checkpoint of at most `size` leaves, or null. */
export async function readCosignedBefore(ctx: Ctx, size: number): Promise<Checkpoint | null> {
  const cosigned = and(sql`${logCheckpoint.size} <= ${size}`, isNotNull(logCheckpoint.cosignature))
  const [row] = await ctx.db.select().from(logCheckpoint).where(cosigned).orderBy(desc(logCheckpoint.size)).limit(1)
  return row ?? null
}

export async function readCheckpoint(ctx: Ctx, size: number): Promise<Checkpoint> {
  const [row] = await ctx.db.select().from(logCheckpoint).where(eq(logCheckpoint.size, size))
  if (!row) throw new Refusal('not-found')
  return row
}

/** The note with its cosignature line, if it has one. */
export const noteOf = (checkpoint: Pick<Checkpoint, 'note' | 'cosignature'>): string =>
  checkpoint.note + (checkpoint.cosignature ? `${checkpoint.cosignature}\n` : '')

/** Inclusion proof of leaf `idx` in the tree of `size` leaves, leaf to root (RFC 9162 §2.1.3). */
export async function proveInclusion(platform: Platform, idx: number, size: number): Promise<Uint8Array[]> {
  if (idx < 0 || idx >= size) throw new Refusal('not-found')
  return rangeHashes(platform.database.pool, inclusionRanges(idx, size))
}

/** As proveInclusion, for many leaves with one query, by leaf. */
export async function proveInclusions(
  platform: Platform,
  wanted: { idx: number; size: number }[],
): Promise<Map<number, Uint8Array[]>> {
  const ranges = wanted.map(({ idx, size }) => inclusionRanges(idx, size))
  const hashes: Uint8Array[] = await rangeHashes(platform.database.pool, ranges.flat())
  let at = 0
  return new Map(
    wanted.map(({ idx }, i) => {
      const proof = hashes.slice(at, at + ranges[i]!.length)
      at += proof.length
      return [idx, proof]
    }),
  )
}

/** Consistency proof between two sizes (RFC 9162 §2.1.4). */
export async function proveConsistency(platform: Platform, from: number, to: number): Promise<Uint8Array[]> {
  if (from < 0 || to < from) throw new Refusal('not-found')
  return rangeHashes(platform.database.pool, consistencyRanges(from, to))
}

export interface EntryRead {
  idx: number
  entryId: string
  action: string | null
  salt: string
  payload: PayloadBox['payload']
}

const readEntry = (ctx: Ctx, row: typeof logPayload.$inferSelect): EntryRead | null => {
  if (!row.box) return null
  const { salt, payload } = openJson<PayloadBox>(ctx.platform.vault, `log ${row.entryId}`, row.box)
  return { idx: row.idx, entryId: row.entryId, action: row.action, salt, payload }
}

/** The sequenced entry of this id, or null while it has no index yet (or its payload was erased). */
export async function readEntryById(ctx: Ctx, entryId: string): Promise<EntryRead | null> {
  const [row] = await ctx.db.select().from(logPayload).where(eq(logPayload.entryId, entryId))
  return row ? readEntry(ctx, row) : null
}

/** As readEntryById, for many at once; those without an index yet are missing. */
export async function readEntriesById(ctx: Ctx, entryIds: string[]): Promise<Map<string, EntryRead>> {
  if (entryIds.length === 0) return new Map()
  const rows = await ctx.db.select().from(logPayload).where(inArray(logPayload.entryId, entryIds))
  const entries = rows.map(row => readEntry(ctx, row)).filter(entry => entry !== null)
  return new Map(entries.map(entry => [entry.entryId, entry]))
}

/** The entry at this index, or null for a cover leaf (or an erased payload). */
export async function readEntryAt(ctx: Ctx, idx: number): Promise<EntryRead | null> {
  const [row] = await ctx.db.select().from(logPayload).where(eq(logPayload.idx, idx))
  return row ? readEntry(ctx, row) : null
}

/** A lot's entries in log order from index `from`. Acts on bids are not among them before opening (crypto.md §10.3). */
export async function listLotEntries(ctx: Ctx, lotId: string, from = 0, limit = 500): Promise<EntryRead[]> {
  const rows = await ctx.db
    .select()
    .from(logPayload)
    .where(and(eq(logPayload.lotId, lotId), gte(logPayload.idx, from)))
    .orderBy(asc(logPayload.idx))
    .limit(limit)
  return rows.map(row => readEntry(ctx, row)).filter(entry => entry !== null)
}
