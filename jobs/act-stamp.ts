import { stampActs } from '~/trading/bid/act-stamp.server'
import type { Tick } from './ticks'

const everyMs = 2_000
/** A TSA that did not answer is left alone so long. */
const restMs = 10_000
let nextRun = Number.NEGATIVE_INFINITY

/** Time-stamps over the signatures of bids' statements, a few at a time, beside everything else. */
export const actStampTick: Tick = {
  name: 'bid.stamp',
  next: async ctx => (performance.now() >= nextRun ? ctx.now : null),
  run: async ctx => {
    nextRun = performance.now() + everyMs
    const { isAway } = await stampActs(ctx)
    if (isAway) nextRun = performance.now() + restMs
  },
}
