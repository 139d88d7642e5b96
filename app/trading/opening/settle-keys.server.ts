import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import type { OpeningRow } from './event.server'
import { finishReading } from './finish-reading.server'
import { lockHall } from './hall.server'
import { forgetHall, type KnownBid, type KnownHall, knownHalls, stageName } from './known-hall.server'
import { keepOutcomes, type Outcome } from './outcome.server'
import { type Failure, failureOfKeys } from './settle'
import { openWith, readIn, stagesDue, verdictOfParts } from './unlock.server'

/** What the released parts of a bid amount to at the end of the window; null where its key is known. */
function failureOf(hall: KnownHall, row: OpeningRow, one: KnownBid): Failure | null {
  for (const stage of stagesDue(row, one)) {
    const name = stageName(one.id, stage.stage)
    if (hall.keys.has(name)) continue
    const parts = hall.parts.get(name) ?? { shares: [], partB: null }
    const failure = failureOfKeys(verdictOfParts(stage, parts), parts.partB !== null)
    if (failure) return failure
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
function failClosed(hall: KnownHall, row: OpeningRow, isOver: boolean, opened: Outcome['opened']): Settled[] {
  if (!isOver) return []
  const now = new Set(opened.map(one => one.bid.id))
  return hall.bids.flatMap(one => {
    const failure = one.state === 'locked' && !now.has(one.id) ? failureOf(hall, row, one) : null
    return failure ? [{ bid: one, read: failure }] : []
  })
}

async function outcomeOf(ctx: Ctx, row: OpeningRow): Promise<Outcome> {
  const hall = (await knownHalls(ctx, new Map([[row.lotId, row]]))).get(row.lotId)!
  const isOver = row.phase === 'reading' || ctx.now >= row.releaseEndsAt!
  const opened = await openWith(ctx, hall, row, hall.bids, name => hall.parts.get(name))
  const read = opened.flatMap(one => (one.read === undefined ? [] : [{ bid: one.bid, read: one.read }]))
  const settled = [...read, ...(await readLeft(ctx, hall, row)), ...failClosed(hall, row, isOver, opened)]
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
