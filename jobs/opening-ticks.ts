import type { Ctx } from '~/platform/ctx'
import { advanceOpenings, nextOpening } from '~/trading/opening/advance.server'
import { nextAside, workAside } from '~/trading/opening/aside.server'
import { closeDueLots, nextDeadline, nextReadAhead, publishDeadline, readDueAhead } from '~/trading/opening/close.server'
import { publishCloses } from '~/trading/opening/count.server'
import { publishEnvelopes } from '~/trading/opening/envelope.server'
import { listAllLeaves } from '~/trading/opening/list-leaves.server'
import type { Tick } from './ticks'

/** Closing by the clock (crypto.md §10.1): everything due at once, whatever else is slow. */
export const closeTick: Tick = {
  name: 'trading.lot.close',
  next: nextDeadline,
  run: async ctx => void (await closeDueLots(ctx)),
}

/** What a deadline needs is read before it, so that little is left to do when it comes. */
export const readAheadTick: Tick = { name: 'trading.lot.read-ahead', next: nextReadAhead, run: readDueAhead }

/** So long after a deadline its lots are looked for, should their closing wait for commits in flight. */
const closingMs = 2_000

/** Openings begin when lots close: that is when a deadline comes, whichever process closes them. */
async function nextStep(ctx: Ctx): Promise<Date | null> {
  const [step, deadline] = [await nextOpening(ctx), await nextDeadline(ctx)]
  const isComing = deadline && deadline.getTime() > ctx.now.getTime() - closingMs
  if (!isComing) return step
  return step && step < deadline ? step : deadline
}

/** Every opening goes on from where it stands: after a kill the next sweep finds the same state and does the next step. */
export const openingTick: Tick = {
  name: 'trading.opening',
  next: nextStep,
  run: async ctx => {
    await publishDeadline(ctx)
    await listAllLeaves(ctx)
    await publishCloses(ctx)
    await publishEnvelopes(ctx)
    await advanceOpenings(ctx)
  },
}

/** Beside the openings' steps and after them. */
export const openingAsideTick: Tick = { name: 'trading.opening.aside', next: nextAside, run: workAside }
