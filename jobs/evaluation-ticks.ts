import { listPriced, reportPrices } from '~/trading/evaluation/review.server'
import { listSealable, sealReport } from '~/trading/evaluation/seal-report.server'
import type { Tick } from './ticks'

/** Makes the reports that waited for the prices of a second envelope, and seals those that every member has signed. */
export const reportTick: Tick = {
  name: 'evaluation.seal-report',
  next: async ctx => ((await listPriced(ctx)).length + (await listSealable(ctx)).length > 0 ? ctx.now : null),
  run: async ctx => {
    for (const lotId of await listPriced(ctx)) await reportPrices(ctx, { lotId })
    for (const lotId of await listSealable(ctx)) await sealReport(ctx, { lotId })
  },
}
