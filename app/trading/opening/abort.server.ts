import { and, eq, notInArray, or } from 'drizzle-orm'
import { bid } from '@/db/schema/trading/bid'
import { opening } from '@/db/schema/trading/opening'
import { lot } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { type FoundLot, moveLot } from '../lot/find-lot.server'
import { insertNotice } from '../notice/insert-notice.server'
import type { Effect } from './act-effects.server'
import { causeText } from './acts.text'
import { moveOpening, type OpeningRow, postpone, say } from './event.server'
import { lockHall } from './hall.server'
import { finalPhases, openingFlow } from './opening'
import { openingEventText, openingPhaseText } from './opening.text'

/** Ends an opening before its record (终止开标): nothing more is decrypted, the lot is terminated and the public told. */
export const abort: Effect = {
  check: ({ row }) =>
    refuseUnless(openingFlow[row.phase].abort, 'wrong-state', {
      state: openingPhaseText[row.phase],
      event: openingEventText.abort,
    }),
  run: async (ctx, { found, row }, { cause, reason }) => {
    const sentence = `开标终止（${causeText[cause]}）：${reason}`
    const moved = await moveLot(ctx, found.lot, 'terminate', { nextCheckAt: null, failReason: sentence })
    await moveOpening(ctx, row, 'abort', { abortReason: 'act' })
    await say(ctx, row, ['aborted', { counted: row.counted ?? 0, sentence }])
    const title = `${found.project.name} ${found.lot.name} 终止公告`
    const body = `${sentence}\n已收取的投标保证金及利息依法退还（《招标投标法实施条例》第三十一条）。未解密的投标文件不再解密。`
    await insertNotice(ctx, { lot: moved, kind: 'termination', title, body })
    return { reason: sentence }
  },
}

/** Whether an opening's lot has ended: terminated, or failed in the review of the first of two envelopes (双信封). */
const isEnded = ({ state }: FoundLot['lot'], { phase }: OpeningRow) =>
  (state === 'terminated' && openingFlow[phase].abort) || (state === 'failed' && phase === 'intermission')

const keepSealed = (ctx: Ctx, { lotId, round }: OpeningRow) =>
  ctx.db
    .update(bid)
    .set({ state: 'unopened' })
    .where(and(eq(bid.lotId, lotId), eq(bid.round, round), eq(bid.state, 'decrypted')))

const follow = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    if (!isEnded(found.lot, row)) return { result: null, entry: null }
    const isFailed = found.lot.state === 'failed'
    const sentence = isFailed
      ? `第一信封评审后流标，第二信封均不开启，原封退还：${found.lot.failReason ?? ''}`
      : `招标终止，开标随之终止：${found.lot.failReason ?? ''}`
    await moveOpening(ctx, row, isFailed ? 'none-passed' : 'abort', { abortReason: found.lot.state })
    if (isFailed) await keepSealed(ctx, row)
    await say(ctx, row, ['aborted', { counted: row.counted ?? 0, sentence }])
    return { result: null, entry: { lotId, facts: { reason: sentence } } }
  },
  'opening.abort',
)

/** Openings whose lot has ended without them. */
export const isLeftBehind = or(
  and(eq(lot.state, 'terminated'), notInArray(opening.phase, [...finalPhases])),
  and(eq(lot.state, 'failed'), eq(opening.phase, 'intermission')),
)

/** The openings of lots that their agency terminated end with them (《招标投标法实施条例》31); so do those waiting for a review that failed the lot. */
export async function followTerminations(ctx: Ctx): Promise<void> {
  const rows = await ctx.db
    .select({ lotId: opening.lotId })
    .from(opening)
    .innerJoin(lot, and(eq(lot.id, opening.lotId), eq(lot.round, opening.round)))
    .where(isLeftBehind)
  for (const { lotId } of rows) await follow(ctx, { lotId }).catch((error: unknown) => postpone(ctx, lotId, error))
}
