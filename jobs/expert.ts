import { nextRestore, restoreDue } from '~/trading/expert/expert.server'
import type { Tick } from './ticks'

/** Suspensions from the expert library end by themselves. */
export const expertTick: Tick = {
  name: 'trading.expert',
  next: nextRestore,
  run: async ctx => void (await restoreDue(ctx, null)),
}
