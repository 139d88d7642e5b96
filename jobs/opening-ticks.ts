import { advanceOpenings, nextOpening } from '~/trading/opening/advance.server'
import { nextAside, workAside } from '~/trading/opening/aside.server'
import { closeDueLots, nextDeadline, publishDeadline } from '~/trading/opening/close.server'
import { publishCloses } from '~/trading/opening/count.server'
import { listAllLeaves } from '~/trading/opening/list-leaves.server'
import type { Tick } from './ticks'

/** Closing by the clock (crypto.md §10.1): everything due at once, whatever else is slow. */
export const closeTick: Tick = {
  name: 'trading.lot.close',
  next: nextDeadline,
  run: async ctx => {
    const closed = await closeDueLots(ctx)
    if (closed > 0) await publishDeadline(ctx)
  },
}

/** Every opening goes on from where it stands: after a kill the next sweep finds the same state and does the next step. */
export const openingTick: Tick = {
  name: 'trading.opening',
  next: nextOpening,
  run: async ctx => {
    await publishDeadline(ctx)
    await listAllLeaves(ctx)
    await publishCloses(ctx)
    await advanceOpenings(ctx)
  },
}

/** Beside the openings' steps and after them. */
export const openingAsideTick: Tick = { name: 'trading.opening.aside', next: nextAside, run: workAside }
