/** How a lot is evaluated, frozen when bidding starts (评标办法): everything that is counted stands in the tender document. */
export type Scoring = {
  /** 综合评估法 / 综合评分法, or 经评审的最低投标价法. */
  method: 'comprehensive' | 'lowest-price'
  formula: 'F1' | 'F2'
  /** F1: the share of 100 points as a fraction ('0.30'); F2: the points of a bid at the benchmark ('30'). */
  priceWeight: string
  params: ScoringParams
  compliance: { code: string; text: string }[]
  items: { code: string; name: string; max: string; group: 'technical' | 'business' }[]
  onDecryptedBelow3: 'stop' | 'continue'
}

/** E1 and E2: points lost per percent above and below the benchmark (F2). More bids than `trimAbove` lose their highest and lowest. */
export type ScoringParams = {
  E1: string
  E2: string
  floor: string
  trimAbove: number
  rounding: 'HALF_UP' | 'HALF_EVEN' | 'DOWN'
}

/** Points that the price can earn. */
export const pricePoints = (scoring: Pick<Scoring, 'formula' | 'priceWeight'>): number =>
  scoring.formula === 'F1' ? Number(scoring.priceWeight) * 100 : Number(scoring.priceWeight)

/** The scoring of a stored lot: it passed `scoringSchema` on its way in and never changes. */
export const scoringOf = (lot: { scoring: unknown }) => lot.scoring as Scoring
