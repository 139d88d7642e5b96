import { watchSpace } from '~/trading/bid/upload-space.server'
import type { Tick } from './ticks'

const everyMs = 10_000
let lastRun = Number.NEGATIVE_INFINITY

/** Looks every ten seconds whether uploads still have room. */
export const spaceTick: Tick = {
  name: 'upload.space',
  next: async ctx => (performance.now() - lastRun >= everyMs ? ctx.now : null),
  run: async ctx => {
    lastRun = performance.now()
    await watchSpace(ctx)
  },
}
