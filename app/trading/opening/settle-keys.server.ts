import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { committedHead } from '../bid/committed-head.server'
import type { KeptStage } from '../bid/kept-stage.server'
import type { OpeningRow } from './event.server'
import { finishReading } from './finish-reading.server'
import { lockHall } from './hall.server'
import { forgetHall, type KnownBid, type KnownHall, knownHalls, stageName } from './known-hall.server'
import { keepOutcomes, type Outcome } from './outcome.server'
import { type Failure, failureOfKeys } from './settle'
import { openWith, readIn, stagesDue, verdictOfParts } from './unlock.server'

/** No head of the stage was left to unwrap a key from: whoever released nothing could not, and the platform is to blame. */
async function isUnreleasable(ctx: Ctx, { files }: KeptStage): Promise<boolean> {
  const heads = await Promise.all(files.map(file => committedHead(ctx, file)))
  return heads.every(head => head === null)
}

/** What the released parts of a bid amount to at the end of the window; null where its key is known. */
async function failureOf(ctx: Ctx, hall: KnownHall, row: OpeningRow, one: KnownBid): Promise<Failure | null> {
  for (const stage of stagesDue(row, one)) {
    const name = stageName(one.id, stage.stage)
    if (hall.keys.has(name)) continue
    const parts = hall.parts.get(name) ?? { shares: [], partB: null }
    const failure = failureOfKeys(verdictOfParts(stage, parts), parts.partB !== null)
    if (failure) return failure !== 'wrong-key' && (await isUnreleasable(ctx, stage)) ? 'storage-damaged' : failure
  }
  return null
}

type Settled = Outcome['settled'][number]

/** Prices that were not read with their keys because the machine failed. */
async function readLeft(ctx: Ctx, hall: KnownHall, row: OpeningRow): Promise<Settled[]> {
  const settled: Settled[] = []
  for (const one of hall.bids.filter(known => known.state === 'locked')) {
    for (const stage of stagesDue(row, one)) {
      const key = hall.keys.get(stageName(one.id, stage.stage))
      const read = key && (await readIn(ctx, hall, one, stage, key))
      if (read !== undefined) settled.push({ bid: one, read })
    }
  }
  return settled
}

/** Bids without a key at the end of the window are decided by the evidence (《电子招标投标办法》31); the others go on. */
async function failClosed(ctx: Ctx, hall: KnownHall, row: OpeningRow, opened: Outcome['opened']): Promise<Settled[]> {
  const now = new Set(opened.map(one => one.bid.id))
  const settled: Settled[] = []
  for (const one of hall.bids.filter(known => known.state === 'locked' && !now.has(known.id))) {
    const failure = await failureOf(ctx, hall, row, one)
    if (failure) settled.push({ bid: one, read: failure })
  }
  return settled
}

async function outcomeOf(ctx: Ctx, row: OpeningRow): Promise<Outcome> {
  const hall = (await knownHalls(ctx, new Map([[row.lotId, row]]))).get(row.lotId)!
  const isOver = row.phase === 'reading' || ctx.now >= row.releaseEndsAt!
  const opened = await openWith(ctx, hall, row, hall.bids, name => hall.parts.get(name))
  const read = opened.flatMap(one => (one.read === undefined ? [] : [{ bid: one.bid, read: one.read }]))
  const failed = isOver ? await failClosed(ctx, hall, row, opened) : []
  const settled = [...read, ...(await readLeft(ctx, hall, row)), ...failed]
  return { hall, row, says: [], changes: {}, opened, settled, isOver }
}

const isWaiting = ({ phase, releaseEndsAt }: OpeningRow) =>
  phase === 'reading' || (phase === 'releasing' && releaseEndsAt !== null)

const settle = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    if (!isWaiting(row)) return { result: null, entry: null }
    const outcome = await outcomeOf(ctx, row)
    const [after] = await keepOutcomes(ctx, [outcome])
    await finishReading(ctx, found, after!)
    return { result: null, entry: null }
  },
  'opening.settle-keys',
)

/**
 * Ends the release of keys when every bid has its key or the window is over, reads what was left unread, and ends the reading
 * when nothing is left. The clock's step of an opening that is releasing or reading; done twice it is done once.
 */
export async function settleKeys(ctx: Ctx, { lotId }: { lotId: string }): Promise<void> {
  try {
    await settle(ctx, { lotId })
  } finally {
    // Its events are not known to the end here: whoever needs it next reads it anew.
    forgetHall(ctx.platform, lotId)
  }
}
