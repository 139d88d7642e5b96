import { eq } from 'drizzle-orm'
import { bid } from '@/db/schema/trading/bid'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import type { FoundLot } from '../lot/find-lot.server'
import { type CountedBid, listCounted } from './count.server'
import { moveOpening, type OpeningRow, say } from './event.server'
import { finishReading } from './finish-reading.server'
import { lockHall } from './hall.server'
import { type Failure, failureOfKeys, verdictOf } from './settle'
import { listUnlocked, readParts, readStages, tryStage } from './stage.server'

/** A bid that stays closed, and whose fault that is: 撤销, 撤回 or refused, said in the hall and logged with its evidence. */
export async function failBid(
  ctx: Ctx,
  row: OpeningRow,
  { no, bid: b }: Pick<CountedBid, 'no' | 'bid'>,
  failure: Failure,
): Promise<void> {
  const { state, fault } = verdictOf(failure)
  await ctx.db.update(bid).set({ state, faultParty: fault, reason: failure }).where(eq(bid.id, b.id))
  await append(ctx, 'opening.bid-failed', { lotId: row.lotId, facts: { statement: b.statementHash, state, fault, failure } })
  await say(ctx, row, ['failed', { bids: [{ no, state, failure, fault }] }])
}

/** What the released parts of a bid amount to at the end of the window. */
async function failuresOf(ctx: Ctx, bids: CountedBid[]): Promise<Map<string, Failure>> {
  const ids = bids.map(b => b.bid.id)
  const [stages, parts] = [await readStages(ctx, ids), await readParts(ctx, ids)]
  const failures = new Map<string, Failure>()
  for (const stage of stages) {
    const sentOwnPart = parts.some(p => p.bidId === stage.bidId && p.part === 'b')
    const verdict = tryStage(stage, parts)
    const failure = verdict ? failureOfKeys(verdict, sentOwnPart) : 'storage-damaged'
    if (failure) failures.set(stage.bidId, failure)
  }
  return failures
}

/**
 * Ends the release of keys when every bid has its key or the window is over. Bids without one are decided by the evidence
 * (《电子招标投标办法》31); the others go on.
 */
export async function settleLocked(ctx: Ctx, found: FoundLot, row: OpeningRow): Promise<void> {
  if (row.phase !== 'releasing' || !row.releaseEndsAt) return
  const locked = (await listCounted(ctx, row)).filter(b => b.bid.state === 'locked')
  const unlocked = await listUnlocked(
    ctx,
    locked.map(b => b.bid.id),
  )
  const closed = locked.filter(b => !unlocked.has(b.bid.id))
  if (closed.length > 0 && ctx.now < row.releaseEndsAt) return
  const failures = await failuresOf(ctx, closed)
  for (const one of closed) await failBid(ctx, row, one, failures.get(one.bid.id) ?? 'storage-damaged')
  const moved = await moveOpening(ctx, row, 'settle-keys')
  await say(ctx, row, ['reading', {}])
  await finishReading(ctx, found, moved)
}

/** As `settleLocked`, for the clock. */
export const settleKeys = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    await settleLocked(ctx, found, row)
    return { result: null, entry: null }
  },
  'opening.settle-keys',
)
