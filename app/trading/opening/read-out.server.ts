import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { promise } from '~/platform/outbox/promise.server'
import { listCounted } from './count.server'
import { copyTwin, decryptToStore } from './decrypt.server'
import { say } from './event.server'
import { lockHall } from './hall.server'
import { type BidFileRow, readStageKey } from './stage.server'
import type { TwinFile } from './twin'
import { readAdmittedTwins } from './twin-window.server'

/** Files whose key is known, or whose twin was admitted: of two envelopes (双信封) the second has neither before it is opened. */
const hasKey = sql`(exists (select 1 from stage_key k where k.bid_id = ${bidFile.bidId} and k.stage = ${bidFile.stage})
  or exists (select 1 from bid_twin w where w.bid_id = ${bidFile.bidId} and w.stage = ${bidFile.stage} and w.state = 'admitted'))`
const isPacked = and(isNull(bidFile.unpackedAt), hasKey)

/** Decrypts one file for the committee. A damaged one does not undo what was read out: it is recorded for the committee. */
async function unpackFile(ctx: Ctx, file: BidFileRow, twins: TwinFile[]): Promise<void> {
  // What was read from its twin is judged by its twin, should a key have come as well.
  const twin = twins.find(one => one.fileId === file.fileId)
  if (twin) return keepUnpacked(ctx, file, { plainFileId: await copyTwin(ctx, twin) })
  const key = await readStageKey(ctx, file.bidId, file.stage)
  if (!key) return
  const result = await decryptToStore(ctx, file, key)
  await keepUnpacked(ctx, file, result.ok ? { plainFileId: result.value } : { problem: result.failure })
}

async function keepUnpacked(ctx: Ctx, { id }: BidFileRow, change: Pick<Partial<BidFileRow>, 'plainFileId' | 'problem'>) {
  await ctx.db.update(bidFile).set(change).where(eq(bidFile.id, id))
}

const unpacked = command(
  'opening.host',
  async (ctx, { lotId, bidId }: { lotId: string; bidId: string }) => {
    const { row } = await lockHall(ctx, lotId)
    const one = (await listCounted(ctx, row)).find(b => b.bid.id === bidId)
    const files = await ctx.db
      .select()
      .from(bidFile)
      .where(and(eq(bidFile.bidId, bidId), isPacked))
    if (!one || files.length === 0 || files.some(f => !f.plainFileId && !f.problem)) return { result: null, entry: null }
    const ids = files.map(f => f.id)
    await ctx.db.update(bidFile).set({ unpackedAt: ctx.now }).where(inArray(bidFile.id, ids))
    const problems = files.flatMap(f => (f.problem ? [{ role: f.role, problem: f.problem }] : []))
    await say(ctx, row, ['unpacked', { bids: [{ no: one.no, files: files.length, problems }] }])
    return { result: null, entry: { lotId, facts: { statement: one.bid.statementHash, files: files.length, problems } } }
  },
  'opening.unpack',
)

/** Decrypts the files of a bid that was read out, one after the other; goes on where it was stopped. */
async function unpackBid(ctx: Ctx, { id: bidId, lotId }: { id: string; lotId: string }): Promise<void> {
  const waiting = and(eq(bidFile.bidId, bidId), isNull(bidFile.plainFileId), isNull(bidFile.problem), hasKey)
  const twins = await readAdmittedTwins(ctx, bidId)
  for (const file of await ctx.db.select().from(bidFile).where(waiting)) await unpackFile(ctx, file, twins)
  await unpacked(ctx, { lotId, bidId })
}

/** Bids of a lot that were read out and have files which are not open yet, in the order of their leaves. */
async function listPacked(ctx: Ctx, lotId: string) {
  const rows = await ctx.db
    .selectDistinct({ id: bid.id, lotId: bid.lotId, leafIdx: bid.leafIdx })
    .from(bid)
    .innerJoin(bidFile, eq(bidFile.bidId, bid.id))
    .where(and(eq(bid.lotId, lotId), eq(bid.state, 'decrypted'), isPacked))
    .orderBy(asc(bid.leafIdx))
  return rows
}

const turnMs = 2_000

/**
 * Opens the files of a lot's bids for the committee: bid by bid for a moment, then the next lot has its turn, so that one with
 * five hundred bids does not keep ten with three waiting.
 */
export async function unpackLot(ctx: Ctx, { lotId }: { lotId: string }): Promise<void> {
  const until = performance.now() + turnMs
  const packed = await listPacked(ctx, lotId)
  for (let one = packed.shift(); one; one = packed.shift()) {
    await unpackBid(ctx, one)
    if (packed.length > 0 && performance.now() > until) return promise(ctx, 'trading.lot.unpack', { lotId })
  }
}
