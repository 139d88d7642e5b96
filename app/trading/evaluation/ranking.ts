// Order of bids after scoring, with ties left open for whoever the rules let decide (tender-rules §3.2).
import { compare } from '~/shared/decimal'

export type RankableBid = {
  id: string
  /** Evaluated price in yuan. */
  price: string
  /** Total points; not used by the lowest-price methods. */
  score?: string
  technical?: string
  credit?: string
  /** Brand of the core product, where the document names one (Order 87 art. 31). */
  brand?: string
}

export type TieBreak = 'price' | 'technical' | 'credit'
export type RankRule = { method: 'score' | 'lowest-price'; ties: TieBreak[] }

/** Government procurement: score, then price; equal in both is a tie (Order 87 art. 57). */
export const procurementByScore: RankRule = { method: 'score', ties: ['price'] }
/** Government procurement: price alone, equal prices are a tie (Order 87 art. 56). */
export const procurementByPrice: RankRule = { method: 'lowest-price', ties: [] }
/** Works tenders as documents usually say: price, then technical points, then credit. */
export const worksByScore: RankRule = { method: 'score', ties: ['price', 'technical', 'credit'] }

export type Ranking = {
  /** Places from the first down. More than one id in a place is a tie that the rule leaves to a person or a draw. */
  places: { rank: number; ids: string[] }[]
  /** Bids that count together with another of their brand and are not ranked themselves. */
  merged: { id: string; brand: string; into: string }[]
  /** Brands whose best bids are equal: someone must choose before the ranking is final. */
  openBrands: { brand: string; ids: string[] }[]
}

const descending = (a?: string, b?: string) => compare(b ?? '0', a ?? '0')

function comparison(rule: RankRule): (a: RankableBid, b: RankableBid) => number {
  const breaks = { price: byPrice, technical: byTechnical, credit: byCredit }
  const order = [rule.method === 'score' ? byScore : byPrice, ...rule.ties.map(name => breaks[name])]
  return (a, b) => order.reduce((found, step) => found || step(a, b), 0)
}

const byScore = (a: RankableBid, b: RankableBid) => descending(a.score, b.score)
const byPrice = (a: RankableBid, b: RankableBid) => compare(a.price, b.price)
const byTechnical = (a: RankableBid, b: RankableBid) => descending(a.technical, b.technical)
const byCredit = (a: RankableBid, b: RankableBid) => descending(a.credit, b.credit)

/** Several bids of one brand count as one bidder: the best stays, and `chosen` names it where the best are equal (Order 87 art. 31). */
function mergeBrands(bids: RankableBid[], rule: RankRule, chosen: Record<string, string>) {
  const merged: Ranking['merged'] = []
  const openBrands: Ranking['openBrands'] = []
  const better = comparison(rule)
  for (const brand of new Set(bids.flatMap(bid => bid.brand ?? []))) {
    const group = bids.filter(bid => bid.brand === brand).toSorted(better)
    const best = group.filter(bid => better(bid, group[0]!) === 0)
    const kept = best.find(bid => bid.id === chosen[brand]) ?? best[0]!
    if (best.length > 1 && chosen[brand] !== kept.id) openBrands.push({ brand, ids: best.map(bid => bid.id).toSorted() })
    merged.push(...group.flatMap(bid => (bid === kept ? [] : [{ id: bid.id, brand, into: kept.id }])))
  }
  const gone = new Set(merged.map(bid => bid.id))
  return { kept: bids.filter(bid => !gone.has(bid.id)), merged, openBrands }
}

/** Ranks bids; equal bids share a place and the next place is counted past them (1, 1, 3). Ids inside a place are in byte order. */
export function rankBids(bids: RankableBid[], rule: RankRule, chosen: Record<string, string> = {}): Ranking {
  const { kept, merged, openBrands } = mergeBrands(bids, rule, chosen)
  const order = comparison(rule)
  const places: { rank: number; members: RankableBid[] }[] = []
  for (const [at, bid] of kept.toSorted(order).entries()) {
    const last = places.at(-1)
    if (last && order(last.members[0]!, bid) === 0) last.members.push(bid)
    else places.push({ rank: at + 1, members: [bid] })
  }
  return { places: places.map(({ rank, members }) => ({ rank, ids: members.map(bid => bid.id).toSorted() })), merged, openBrands }
}
