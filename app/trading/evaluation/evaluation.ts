import { absolute, isDecimal, isLess, mean, multiply, round, subtract, sum } from '~/shared/decimal'
import type { Scoring } from '../lot/scoring'
import type { RuleSet } from '../rules/edition'
import { type Formula, type PriceScoreRun, type RoundingSettings, scorePrices, usualRounding } from './price-score'
import { procurementByPrice, procurementByScore, type Ranking, type RankRule, rankBids, worksByScore } from './ranking'

/** A bid as it enters the evaluation. */
export type EvaluatedBid = {
  id: string
  name: string
  creditCode: string
  /** Yuan, exact; null where the price was not read: of two envelopes (双信封) the second stayed, or is still, sealed. */
  price: string | null
  /** Why the second envelope brought no price, in words; null where it is not opened yet, or where there is a price. */
  unpriced?: string
}

export type ComplianceFinding = { bidId: string; expert: string; item: string; pass: boolean; reason: string }
export type ScoreFinding = { bidId: string; expert: string; item: string; score: string }

export type Rejection = { item: string; text: string; reasons: string[] }

export type BidResult = Omit<EvaluatedBid, 'unpriced'> & {
  /** Why the bid was rejected (否决投标/投标无效); empty for a bid that was scored. */
  rejections: Rejection[]
  /** Mean of the members' points per item, to 2 places. */
  items: Record<string, string>
  technical: string
  business: string
  priceScore: string | null
  total: string | null
  rank: number | null
}

export type EvaluationResult = {
  bids: BidResult[]
  priceRun: PriceScoreRun
  ranking: Ranking
  /** At most three, ranked (条例 53); empty where the evaluation failed. */
  candidates: string[]
  anomalies: Anomaly[]
}

/** A score far from the other members' mean: to be explained before signing (财政部令第87号 64; 1117号(五)). */
export type Anomaly = { bidId: string; expert: string; item: string; score: string; mean: string }

export const ceilingItem = 'CEILING'
export const envelopeItem = 'ENVELOPE'
/** Share of the others' mean beyond which a score is pointed out; a setting, the rules name no number. */
const farShare = '0.3'

/** The pricing formula that the document fixed. */
export function formulaOf(scoring: Scoring): Formula {
  const { E1, E2, floor, trimAbove } = scoring.params
  if (scoring.formula === 'F1') return { kind: 'F1', weight: scoring.priceWeight }
  return { kind: 'F2', plainMeanUpTo: trimAbove, slope: { full: scoring.priceWeight, above: E1, below: E2, floor } }
}

const roundingOf = (scoring: Scoring): RoundingSettings => ({ ...usualRounding, mode: scoring.params.rounding })

export function rankRuleOf(scoring: Scoring, ruleSet: RuleSet): RankRule {
  if (scoring.method === 'lowest-price') return procurementByPrice
  return ruleSet === 'procurement' ? procurementByScore : worksByScore
}

/** Whether points may be given: a decimal with at most two places between 0 and the item's maximum. */
export const isScore = (score: string, max: string): boolean =>
  /^\d{1,4}(\.\d{1,2})?$/.test(score) && isDecimal(score) && !isLess(max, score)

/** An item is failed when more than half of the members found so (少数服从多数). */
export function failedItems(bidId: string, scoring: Scoring, findings: ComplianceFinding[]): Rejection[] {
  return scoring.compliance.flatMap(({ code, text }): Rejection[] => {
    const ofItem = findings.filter(f => f.bidId === bidId && f.item === code)
    const failed = ofItem.filter(f => !f.pass)
    return failed.length * 2 > ofItem.length ? [{ item: code, text, reasons: failed.map(f => f.reason) }] : []
  })
}

function rejectionsOf(bid: EvaluatedBid, scoring: Scoring, findings: ComplianceFinding[], ceiling: string): Rejection[] {
  const found = failedItems(bid.id, scoring, findings)
  if (bid.price === null) {
    const isSilent = found.length > 0 || bid.unpriced === undefined
    return isSilent ? found : [{ item: envelopeItem, text: '第二信封（报价）', reasons: [bid.unpriced!] }]
  }
  if (!isLess(ceiling, bid.price)) return found
  const reason = `报价 ${bid.price} 元高于最高投标限价 ${ceiling} 元`
  return [...found, { item: ceilingItem, text: '报价不高于最高投标限价（《招标投标法实施条例》第五十一条）', reasons: [reason] }]
}

function meansOf(bid: Pick<EvaluatedBid, 'id'>, scoring: Scoring, findings: ScoreFinding[]): Record<string, string> {
  const entries = scoring.items.map(({ code }) => {
    const points = findings.filter(f => f.bidId === bid.id && f.item === code).map(f => f.score)
    return [code, points.length ? round(mean(points), 2) : '0'] as const
  })
  return Object.fromEntries(entries)
}

const groupTotal = (scoring: Scoring, group: 'technical' | 'business', items: Record<string, string>) =>
  sum(scoring.items.filter(item => item.group === group).map(item => items[item.code] ?? '0'))

/** Scores that lie further from the mean of the other members than `farShare` of it. */
export function anomaliesOf(findings: ScoreFinding[]): Anomaly[] {
  return findings.flatMap(f => {
    const others = findings.filter(o => o.bidId === f.bidId && o.item === f.item && o.expert !== f.expert).map(o => o.score)
    if (others.length < 2) return []
    const m = mean(others)
    const gap = absolute(subtract(f.score, m))
    return isLess(multiply(m, farShare), gap)
      ? [{ bidId: f.bidId, expert: f.expert, item: f.item, score: f.score, mean: round(m, 2) }]
      : []
  })
}

export type EvaluationInput = {
  scoring: Scoring
  ruleSet: RuleSet
  ceiling: string
  maximumCandidates: number
  bids: EvaluatedBid[]
  compliance: ComplianceFinding[]
  scores: ScoreFinding[]
}

/** The result of an evaluation from the members' locked sheets; the same input always gives the same result. */
export function evaluate(input: EvaluationInput): EvaluationResult {
  const { scoring, bids } = input
  const judged = bids.map(bid => ({ bid, rejections: rejectionsOf(bid, scoring, input.compliance, input.ceiling) }))
  const priced = judged.flatMap(({ bid, rejections }) => {
    const excluded = rejections.length ? { excluded: rejections[0]!.item } : {}
    return bid.price === null ? [] : [{ id: bid.id, price: bid.price, ...excluded }]
  })
  const priceRun = scorePrices(priced, formulaOf(scoring), roundingOf(scoring))
  const scored = judged.map(({ bid, rejections }) => resultOf(bid, rejections, input, priceRun))
  const valid = scored.filter(bid => bid.rejections.length === 0)
  const rankable = valid.flatMap(({ id, price, total, technical }) =>
    price === null ? [] : [{ id, price, score: total ?? '0', technical }],
  )
  const ranking = rankBids(rankable, rankRuleOf(scoring, input.ruleSet))
  const rankOf = new Map(ranking.places.flatMap(place => place.ids.map(id => [id, place.rank] as const)))
  return {
    bids: scored.map(bid => ({ ...bid, rank: rankOf.get(bid.id) ?? null })),
    priceRun,
    ranking,
    candidates: ranking.places.flatMap(place => place.ids).slice(0, input.maximumCandidates),
    anomalies: anomaliesOf(input.scores),
  }
}

function resultOf(
  { unpriced: _, ...bid }: EvaluatedBid,
  rejections: Rejection[],
  input: EvaluationInput,
  run: PriceScoreRun,
): BidResult {
  const items = meansOf(bid, input.scoring, input.scores)
  const technical = groupTotal(input.scoring, 'technical', items)
  const business = groupTotal(input.scoring, 'business', items)
  const priceScore = rejections.length ? null : (run.scores.find(s => s.id === bid.id)?.score ?? null)
  const total = priceScore === null ? null : round(sum([technical, business, priceScore]), 2)
  return { ...bid, rejections, items, technical, business, priceScore, total, rank: null }
}
