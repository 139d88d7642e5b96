import type { Scoring } from '../lot/scoring'
import type { EvaluationResult } from './evaluation'

/** Each score that lies far from the others' mean, as a sentence. */
export function anomalyLines({ anomalies, bids }: EvaluationResult, scoring: Scoring): string[] {
  const bidder = (id: string) => bids.find(bid => bid.id === id)?.name ?? id
  const item = (code: string) => scoring.items.find(one => one.code === code)?.name ?? code
  return anomalies.map(a => `${a.expert} 对 ${bidder(a.bidId)} 的“${item(a.item)}”评 ${a.score}，其余评委平均 ${a.mean}`)
}
