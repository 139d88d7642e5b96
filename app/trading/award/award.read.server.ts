import type { Ctx } from '~/platform/ctx'
import { readLot } from '../lot/find-lot.server'
import { latestNotice } from '../notice/insert-notice.server'
import { readAward } from './award.server'
import { sealedReport } from './candidates.server'

/** What the agency decides from: the result, the candidates, the publicity's end, the award once made. */
export async function readAwarding(ctx: Ctx, lotId: string) {
  const found = await readLot(ctx, lotId)
  const { content } = await sealedReport(ctx, found)
  const notice = await latestNotice(ctx, lotId, 'candidates')
  const { id, code, name, state } = found.lot
  return {
    lot: { id, code, name, state },
    now: ctx.now,
    result: content.result,
    candidates: content.result.candidates.map(bidId => ({
      id: bidId,
      name: content.result.bids.find(bid => bid.id === bidId)?.name ?? '',
    })),
    periodEndsAt: notice?.periodEndsAt ?? null,
    award: await readAward(ctx, lotId),
  }
}

export type Awarding = Awaited<ReturnType<typeof readAwarding>>
