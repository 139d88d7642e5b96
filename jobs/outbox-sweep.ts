import { forgetKept } from '~/platform/outbox/forget.server'
import type { Tick } from './ticks'

const everyMs = 3_600_000
let lastRun = Number.NEGATIVE_INFINITY

/** Once an hour what was promised and kept a month ago is forgotten. */
export const forgetTick: Tick = {
  name: 'outbox.forget',
  next: async ctx => (performance.now() - lastRun >= everyMs ? ctx.now : null),
  run: async ctx => {
    lastRun = performance.now()
    await forgetKept(ctx)
  },
}
