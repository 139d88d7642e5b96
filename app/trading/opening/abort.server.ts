import { and, eq, notInArray } from 'drizzle-orm'
import { opening } from '@/db/schema/trading/opening'
import { lot } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { moveLot } from '../lot/find-lot.server'
import { insertNotice } from '../notice/insert-notice.server'
import type { Effect } from './act-effects.server'
import { causeText } from './acts.text'
import { moveOpening, postpone, say } from './event.server'
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

const follow = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    if (found.lot.state !== 'terminated' || !openingFlow[row.phase].abort) return { result: null, entry: null }
    const sentence = `招标终止，开标随之终止：${found.lot.failReason ?? ''}`
    await moveOpening(ctx, row, 'abort', { abortReason: 'terminated' })
    await say(ctx, row, ['aborted', { counted: row.counted ?? 0, sentence }])
    return { result: null, entry: { lotId, facts: { reason: sentence } } }
  },
  'opening.abort',
)

/** The openings of lots that their agency terminated end with them (《招标投标法实施条例》31). */
export async function followTerminations(ctx: Ctx): Promise<void> {
  const rows = await ctx.db
    .select({ lotId: opening.lotId })
    .from(opening)
    .innerJoin(lot, and(eq(lot.id, opening.lotId), eq(lot.round, opening.round)))
    .where(and(eq(lot.state, 'terminated'), notInArray(opening.phase, [...finalPhases])))
  for (const { lotId } of rows) await follow(ctx, { lotId }).catch((error: unknown) => postpone(ctx, lotId, error))
}
