import { inArray } from 'drizzle-orm'
import { bid } from '@/db/schema/trading/bid'
import { openingConfirmation } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds } from '~/shared/time'
import { mostExtraSeconds } from '../rules/opening-acts'
import type { Effect } from './act-effects.server'
import { listAnswers, ofSitting } from './answer.server'
import { type CountedBid, listCounted } from './count.server'
import { changeOpening, moveOpening, type OpeningRow, say } from './event.server'
import { openingFlow } from './opening'
import { openingEventText, openingPhaseText } from './opening.text'

const isWindow = (row: OpeningRow) =>
  (row.phase === 'releasing' && row.releaseEndsAt !== null) || (row.phase === 'adjourned' && row.adjournedFrom === 'releasing')

/** Makes the release window under way longer (延长解密时间), also while the opening is adjourned in it. */
export const extend: Effect = {
  check: ({ row }) => refuseUnless(isWindow(row), 'wrong-state', { state: openingPhaseText[row.phase], event: '延长解密时间' }),
  run: async (ctx, { row }, { cause, reason, wish }) => {
    const seconds = Math.min(wish.seconds ?? 0, mostExtraSeconds)
    refuseUnless(seconds > 0, 'bad-input', { reason: '请写明延长的时间' })
    if (row.phase === 'adjourned') {
      await changeOpening(ctx, row, { leftSeconds: (row.leftSeconds ?? 0) + seconds })
      return { seconds, endsAt: null }
    }
    const endsAt = addSeconds(row.releaseEndsAt!, seconds)
    await changeOpening(ctx, row, { releaseEndsAt: endsAt })
    await say(ctx, row, ['extended', { endsAt: endsAt.toISOString(), seconds, cause, reason }])
    return { seconds, endsAt: endsAt.toISOString() }
  },
}

/** What may be tried again: keys that did not come, or ciphertext the platform lost. A wrong key or a damaged bid stays what it is. */
const curable = new Set(['no-release', 'shares-missing', 'storage-damaged'])

/** What failed in the first of two envelopes (双信封) is not made good in the second. */
const isCurable = ({ passedBidIds }: OpeningRow, { bid: b }: CountedBid) =>
  curable.has(b.reason ?? '') && (passedBidIds?.includes(b.id) ?? true)

/** Words given on the record that is taken back: kept with the act as evidence, and asked for again. */
async function takeBackAnswers(ctx: Ctx, row: OpeningRow) {
  const answers = await listAnswers(ctx, row)
  await ctx.db.delete(openingConfirmation).where(ofSitting(row))
  return answers.map(a => ({
    org: a.organisationId,
    answer: a.answer,
    text: a.text,
    reply: a.reply,
    cms: a.cms ? Buffer.from(a.cms).toString('base64') : null,
    at: a.at.toISOString(),
  }))
}

async function lockAgain(ctx: Ctx, bids: CountedBid[]): Promise<void> {
  const ids = bids.map(b => b.bid.id)
  await ctx.db.update(bid).set({ state: 'locked', faultParty: null, reason: null }).where(inArray(bid.id, ids))
}

/** Opens the release window again (重启解密) for bids that stayed closed through no wrong of their own; the others stand. */
export const restart: Effect = {
  check: ({ row }) =>
    refuseUnless(openingFlow[row.phase].restart, 'wrong-state', {
      state: openingPhaseText[row.phase],
      event: openingEventText.restart,
    }),
  run: async (ctx, { found, row }, { cause, reason, wish }) => {
    const failed = (await listCounted(ctx, row)).filter(b => isCurable(row, b))
    const chosen = failed.filter(b => !wish.nos || wish.nos.includes(b.no))
    refuseUnless(chosen.length > 0, 'nothing-to-restart')
    const superseded = await takeBackAnswers(ctx, row)
    await lockAgain(ctx, chosen)
    const seconds = Math.min(wish.seconds ?? found.lot.releaseSeconds, mostExtraSeconds)
    const releaseEndsAt = addSeconds(ctx.now, seconds)
    const unfrozen = {
      recordPayload: null,
      recordHash: null,
      objectionEndsAt: null,
      confirmEndsAt: null,
      twinEndsAt: null,
      twinClosedAt: null,
    }
    await moveOpening(ctx, row, 'restart', { ...unfrozen, releaseEndsAt })
    const nos = chosen.map(b => b.no)
    await say(ctx, row, ['restarted', { nos, cause, reason, endsAt: releaseEndsAt.toISOString() }])
    return { statements: chosen.map(b => b.bid.statementHash), endsAt: releaseEndsAt.toISOString(), superseded }
  },
}
