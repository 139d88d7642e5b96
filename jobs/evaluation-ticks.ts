import { listSealable, sealReport } from '~/trading/evaluation/seal-report.server'
import type { Tick } from './ticks'

/** Seals evaluation reports that every member has signed. */
export const reportTick: Tick = {
  name: 'evaluation.seal-report',
  next: async ctx => ((await listSealable(ctx)).length > 0 ? ctx.now : null),
  run: async ctx => {
    for (const lotId of await listSealable(ctx)) await sealReport(ctx, { lotId })
  },
}
