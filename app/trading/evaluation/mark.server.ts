import { and, eq, isNotNull, or } from 'drizzle-orm'
import { bid } from '@/db/schema/trading/bid'
import { complianceMark, scoreMark } from '@/db/schema/trading/evaluation'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import type { Scoring } from '../lot/scoring'
import type { LotRow } from '../project/project.read.server'
import { isScore } from './evaluation'
import type { ComplianceInput, ScoreInput } from './evaluation.form.server'
import { ownSeat, refuseLocked } from './seat.server'

/** The lot while it is being evaluated, its frozen scoring, and the actor's seat in its committee. */
async function atWork(ctx: Ctx, lotId: string, bidId: string): Promise<{ lot: LotRow; scoring: Scoring; expertId: string }> {
  const { lot } = await findLot(ctx, lotId)
  const { expertId } = await ownSeat(ctx, lotId)
  refuseUnless(lot.state === 'evaluating', 'wrong-state', { state: '未在评标', event: '评审' })
  await refuseLocked(ctx, lot, expertId)
  const isReviewed = or(eq(bid.state, 'decrypted'), isNotNull(bid.firstEnvelope))
  const opened = and(eq(bid.id, bidId), eq(bid.lotId, lotId), eq(bid.round, lot.round), isReviewed)
  const [found] = await ctx.db.select({ id: bid.id }).from(bid).where(opened)
  refuseUnless(found, 'not-found')
  return { lot, scoring: lot.scoring as Scoring, expertId }
}

/** Keeps the expert's finding on one compliance item of one bid (初步评审); may be changed until the sheet is locked. */
export const markCompliance = command(
  'evaluation.act',
  async (ctx, { lotId, bidId, item, pass, reason }: ComplianceInput) => {
    const { scoring, expertId } = await atWork(ctx, lotId, bidId)
    refuseUnless(
      scoring.compliance.some(one => one.code === item),
      'bad-input',
      { reason: `没有评审项 ${item}` },
    )
    const row = { bidId, expertId, item, pass, reason: pass ? '' : reason, at: ctx.now }
    await ctx.db
      .insert(complianceMark)
      .values(row)
      .onConflictDoUpdate({ target: [complianceMark.bidId, complianceMark.expertId, complianceMark.item], set: row })
    return { result: { bidId, item }, entry: { lotId, facts: { expert: expertId, bid: bidId, item, pass } } }
  },
  'evaluation.compliance',
)

/** Keeps the expert's points for one item of one bid. Refuses score-out-of-range: 0 to the item's maximum, two places. */
export const markScore = command(
  'evaluation.act',
  async (ctx, { lotId, bidId, item, score }: ScoreInput) => {
    const { scoring, expertId } = await atWork(ctx, lotId, bidId)
    const found = scoring.items.find(one => one.code === item)
    refuseUnless(found, 'bad-input', { reason: `没有评分项 ${item}` })
    refuseUnless(isScore(score, found.max), 'score-out-of-range', { item: found.name, max: found.max })
    const row = { bidId, expertId, item, score, at: ctx.now }
    await ctx.db
      .insert(scoreMark)
      .values(row)
      .onConflictDoUpdate({ target: [scoreMark.bidId, scoreMark.expertId, scoreMark.item], set: row })
    return { result: { bidId, item }, entry: { lotId, facts: { expert: expertId, bid: bidId, item, score } } }
  },
  'evaluation.score',
)
