import { eq, sql } from 'drizzle-orm'
import { rating } from '@/db/schema/hall/rating'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatMinute } from '~/shared/time'
import { isFinished } from '../case/case'
import { isApplicant } from '../case/case.read.server'
import { caseStateText } from '../case/case.text'
import { lockCase } from '../case/step.server'
import { fileComplaint } from '../complaint/complaint.server'

export interface NewRating {
  caseId: string
  stars: number
  text: string
}

/** Rates a finished case once (一事一评), voluntarily; one or two stars open a follow-up (差评整改). Refuses not-finished, already-rated. */
export const rateCase = command(
  'hall.apply',
  async (ctx, { caseId, stars, text }: NewRating) => {
    const { row } = await lockCase(ctx, caseId)
    refuseUnless(isApplicant(ctx, row), 'not-found')
    refuseUnless(isFinished(row.state), 'not-finished', { state: caseStateText[row.state] })
    const [known] = await ctx.db.select().from(rating).where(eq(rating.caseId, caseId))
    if (known) throw new Refusal('already-rated', { at: formatMinute(known.ratedAt) })
    await ctx.db.insert(rating).values({ caseId, itemId: row.itemId, stars, text, ratedAt: ctx.now })
    if (stars <= 2) await fileComplaint(ctx, { caseId, kind: 'bad-rating', text: text || '差评，未填写说明' })
    return { result: { stars }, entry: { facts: { case: caseId, stars, text } } }
  },
  'hall.case.rate',
)

/** How an item is rated: the number of ratings and how many of each. Nobody's name. */
export async function readItemRatings(ctx: Ctx, itemId: string) {
  return ctx.db
    .select({ stars: rating.stars, count: sql<number>`count(*)::int` })
    .from(rating)
    .where(eq(rating.itemId, itemId))
    .groupBy(rating.stars)
    .orderBy(sql`${rating.stars} desc`)
}
