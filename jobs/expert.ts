import { nextRestore, restoreDue } from '~/trading/expert/expert.server'
import { nextImportStep, stepImports } from '~/trading/expert/import/import-list.server'
import type { Tick } from './ticks'

/** Suspensions from the expert library end by themselves. */
export const expertTick: Tick = {
  name: 'trading.expert',
  next: nextRestore,
  run: async ctx => void (await restoreDue(ctx, null)),
}

/** Lists of experts from other departments are checked and taken over, a while at a time. */
export const importTick: Tick = { name: 'trading.expert-import', next: nextImportStep, run: stepImports }
