import { stampActs } from '~/trading/bid/act-stamp.server'
import { watch } from './watch'

/** A TSA that did not answer is left alone so long. */
const restMs = 10_000

/** Time-stamps over the signatures of bids' statements, a few at a time, beside everything else. */
export const actStampTick = watch('bid.stamp', 2_000, async (ctx, rest) => {
  const { isAway } = await stampActs(ctx)
  if (isAway) rest(restMs)
})
