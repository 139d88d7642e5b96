import { watchClock } from '~/platform/audit/clock-watch.server'
import type { Tick } from './ticks'

const everyMs = 1_000
let lastRun = Number.NEGATIVE_INFINITY

/** Once a second, before anything is closed by that clock. Timed by this process, for the database's clock is what is in doubt. */
export const clockTick: Tick = {
  name: 'clock.watch',
  next: async ctx => (performance.now() - lastRun >= everyMs ? ctx.now : null),
  run: async ctx => {
    lastRun = performance.now()
    await watchClock(ctx)
  },
}
