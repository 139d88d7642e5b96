// Price points by the benchmark formulas in use (tender-rules §3.4, F1–F8), as pure functions on exact decimals.
// Full precision inside; benchmark, deviation and score are rounded where, and as, the tender document says.
import {
  absolute,
  add,
  compare,
  divide,
  highest,
  isDecimal,
  isLess,
  lowest,
  mean,
  multiply,
  type Rounding,
  round,
  subtract,
} from '~/shared/decimal'

export type ScoredBid = {
  id: string
  /** Quoted price in yuan, a decimal. */
  price: string
  /** Price after policy deduction (财库〔2020〕46号); only F1 uses it. */
  evaluated?: string
  /** Bids left out of the benchmark keep their reason; they get no score either. */
  excluded?: string
}

export type RoundingSettings = { benchmark: number; deviation: number; score: number; mode: Rounding }

/** Yuan to 2 places, percent to 2 places, points to 2 places, half up: the default of §3.4, each a parameter of the document. */
export const usualRounding: RoundingSettings = { benchmark: 2, deviation: 2, score: 2, mode: 'HALF_UP' }

/** Points lost per whole percent above and below the benchmark, linear between. */
export type Slope = { full: string; above: string; below: string; floor: string; deadBand?: string }
/** Points lost per step: every `aboveStep` percent above costs `aboveCost`, likewise below; whole steps only. */
export type Steps = { full: string; aboveStep: string; aboveCost: string; belowStep: string; belowCost: string; floor: string }

export type EmptySet = 'no-result' | 'use-lowest-in-range' | 'use-mean'

export type Formula =
  | { kind: 'F1'; weight: string }
  | { kind: 'F2'; plainMeanUpTo: number; slope: Slope }
  | { kind: 'F3'; plainMeanUpTo: number; float: string; slope: Slope }
  | { kind: 'F4'; ceiling: string; k1: string; q1: string; k2: string; slope: Slope }
  | { kind: 'F5'; ceiling: string; d: string; k: string; drawn: string | null; whenEmpty: EmptySet; slope: Slope }
  | {
      kind: 'F6'
      sample: readonly string[]
      from: string
      to: string
      size: number
      ceiling?: { price: string; weight: string }
      slope: Slope
    }
  | { kind: 'F7'; budget: string; weight: string; steps?: Steps }
  | { kind: 'F8'; within: string; mu: string; slope: Slope }

export type BenchmarkRun = {
  /** null only where the document's rule for an empty set says that there is no benchmark. */
  benchmark: string | null
  trimmed: { id: string; why: 'highest' | 'lowest' | 'outlier' }[]
  steps: { name: string; value: string }[]
}
export type BidScore = { id: string; deviation: string | null; score: string | null }
export type PriceScoreRun = BenchmarkRun & {
  version: 'price-score@1'
  formula: Formula
  rounding: RoundingSettings
  input: { id: string; price: string; evaluated: string; included: boolean; reason: string | null }[]
  scores: BidScore[]
}

type Priced = { id: string; price: string }

const byPrice = (bids: Priced[]) => bids.toSorted((a, b) => compare(a.price, b.price) || (a.id < b.id ? -1 : 1))
const prices = (bids: Priced[]) => bids.map(bid => bid.price)
const step = (name: string, value: string) => ({ name, value })

/** Drops `low` lowest and `high` highest bids; among equal prices the id decides, so a run can be repeated. */
function trimEnds(bids: Priced[], low: number, high: number) {
  const sorted = byPrice(bids)
  const kept = sorted.slice(low, sorted.length - high)
  const trimmed = [
    ...sorted.slice(0, low).map(bid => ({ id: bid.id, why: 'lowest' as const })),
    ...sorted.slice(sorted.length - high).map(bid => ({ id: bid.id, why: 'highest' as const })),
  ]
  return { kept, trimmed }
}

/** F2's A: the plain mean up to so many bids, else without one highest and one lowest. */
function trimmedMean(bids: Priced[], plainMeanUpTo: number): BenchmarkRun {
  const { kept, trimmed } = bids.length <= plainMeanUpTo ? { kept: bids, trimmed: [] } : trimEnds(bids, 1, 1)
  const a = mean(prices(kept))
  return { benchmark: a, trimmed, steps: [step('A', a)] }
}

/** F4's A: from 7 bids without the top and bottom fifth, from 4 without the highest, below that the second lowest. */
function fifthTrimmedMean(bids: Priced[]): BenchmarkRun {
  if (bids.length < 4) {
    const second = byPrice(bids)[1] ?? byPrice(bids)[0]!
    return { benchmark: second.price, trimmed: [], steps: [step('A', second.price)] }
  }
  const fifth = Number(round(multiply('0.2', String(bids.length)), 0))
  const { kept, trimmed } = bids.length >= 7 ? trimEnds(bids, fifth, fifth) : trimEnds(bids, 0, 1)
  const a = mean(prices(kept))
  return { benchmark: a, trimmed, steps: [step('A', a)] }
}

function composite(bids: Priced[], f: Extract<Formula, { kind: 'F4' }>): BenchmarkRun {
  const run = fifthTrimmedMean(bids)
  const q2 = subtract('1', f.q1)
  const b = add(multiply(run.benchmark!, f.k1, f.q1), multiply(f.ceiling, f.k2, q2))
  return { ...run, benchmark: b, steps: [...run.steps, step('Q2', q2), step('B', b)] }
}

/** F5's draw set, for the draw at opening: prices from Cmin up to, not including, 95 % of A. */
export function drawSetF5(bids: Priced[], f: { ceiling: string; d: string }) {
  const a = multiply(f.ceiling, subtract('1', f.d))
  const floor = multiply(add(multiply(mean(prices(bids)), '0.7'), multiply(f.ceiling, '0.3')), '0.75')
  const inRange = byPrice(bids).filter(bid => !isLess(bid.price, floor))
  const cMin = inRange[0]?.price ?? null
  const below = multiply(a, '0.95')
  return { a, floor, cMin, set: inRange.filter(bid => isLess(bid.price, below)) }
}

function abc(bids: Priced[], f: Extract<Formula, { kind: 'F5' }>): BenchmarkRun {
  const { a, floor, cMin, set } = drawSetF5(bids, f)
  const known = [step('A', a), step('floor', floor), ...(cMin === null ? [] : [step('Cmin', cMin)])]
  const drawn = set.length > 0 ? drawnPrice(set, f.drawn) : replacementF5(bids, cMin, f.whenEmpty)
  if (drawn === null) return { benchmark: null, trimmed: [], steps: known }
  const b = multiply(add(multiply(a, '0.5'), multiply(drawn, '0.3'), multiply(cMin ?? drawn, '0.2')), f.k)
  return { benchmark: b, trimmed: [], steps: [...known, step('Bp', drawn), step('B', b)] }
}

function drawnPrice(set: Priced[], id: string | null): string {
  const bid = set.length === 1 && id === null ? set[0] : set.find(one => one.id === id)
  if (!bid) throw new RangeError('F5: the drawn bid is not in the set')
  return bid.price
}

const replacementF5 = (bids: Priced[], cMin: string | null, rule: EmptySet) =>
  rule === 'use-mean' ? mean(prices(bids)) : rule === 'use-lowest-in-range' ? cMin : null

function sampleMean(bids: Priced[], f: Extract<Formula, { kind: 'F6' }>): BenchmarkRun {
  const inRange = bids.filter(bid => !isLess(bid.price, f.from) && !isLess(f.to, bid.price))
  const sample = inRange.length <= f.size ? inRange : inRange.filter(bid => f.sample.includes(bid.id))
  if (inRange.length > f.size && sample.length !== f.size) throw new RangeError('F6: the sample must be drawn from the range')
  if (sample.length === 0) return { benchmark: null, trimmed: [], steps: [] }
  const { kept, trimmed } = sample.length > 2 ? trimEnds(sample, 1, 1) : { kept: sample, trimmed: [] }
  const a = mean(prices(kept))
  if (!f.ceiling) return { benchmark: a, trimmed, steps: [step('A', a)] }
  const b = add(multiply(a, subtract('1', f.ceiling.weight)), multiply(f.ceiling.price, f.ceiling.weight))
  return { benchmark: b, trimmed, steps: [step('A', a), step('B', b)] }
}

/** F8: takes away the price furthest from the mean while it lies beyond the limit; of two equally far the higher goes. */
function filteredMean(bids: Priced[], f: Extract<Formula, { kind: 'F8' }>): BenchmarkRun {
  let kept = byPrice(bids)
  const trimmed: BenchmarkRun['trimmed'] = []
  while (kept.length > 2) {
    const m = mean(prices(kept))
    const distance = (bid: Priced) => absolute(subtract(bid.price, m))
    const far = kept.reduce((worst, bid) => (isLess(distance(bid), distance(worst)) ? worst : bid))
    if (!isLess(multiply(m, f.within), distance(far))) break
    trimmed.push({ id: far.id, why: 'outlier' })
    kept = kept.filter(bid => bid !== far)
  }
  const m = mean(prices(kept))
  const b = multiply(m, f.mu)
  return { benchmark: b, trimmed, steps: [step('mean', m), step('B', b)] }
}

function benchmarkOf(bids: Priced[], f: Formula): BenchmarkRun {
  switch (f.kind) {
    case 'F1':
      return { benchmark: lowest(prices(bids)), trimmed: [], steps: [] }
    case 'F2':
      return trimmedMean(bids, f.plainMeanUpTo)
    case 'F3': {
      const run = trimmedMean(bids, f.plainMeanUpTo)
      const b = multiply(run.benchmark!, subtract('1', f.float))
      return { ...run, benchmark: b, steps: [...run.steps, step('B', b)] }
    }
    case 'F4':
      return composite(bids, f)
    case 'F5':
      return abc(bids, f)
    case 'F6':
      return sampleMean(bids, f)
    case 'F7': {
      const m = mean(prices(bids))
      const b = divide(add(m, f.budget), '2')
      return { benchmark: b, trimmed: [], steps: [step('mean', m), step('B', b)] }
    }
    case 'F8':
      return filteredMean(bids, f)
  }
}

function slopeScore(deviation: string, slope: Slope): string {
  const size = subtract(absolute(deviation), slope.deadBand ?? '0')
  if (!isLess('0', size)) return slope.full
  return highest([subtract(slope.full, multiply(size, isLess('0', deviation) ? slope.above : slope.below)), slope.floor])
}

function stepScore(deviation: string, steps: Steps): string {
  const [width, cost] = isLess('0', deviation) ? [steps.aboveStep, steps.aboveCost] : [steps.belowStep, steps.belowCost]
  const count = round(divide(absolute(deviation), width), 0, 'DOWN')
  return highest([subtract(steps.full, multiply(count, cost)), steps.floor])
}

function unroundedScore(f: Formula, price: string, benchmark: string, deviation: string, rounding: RoundingSettings): string {
  switch (f.kind) {
    case 'F1':
      // Order 87 art. 55 gives the score out of 100; the weighted score is computed from it unrounded, then rounded once.
      return multiply(divide(benchmark, price), '100', f.weight)
    case 'F7':
      if (f.steps) return stepScore(deviation, f.steps)
      return highest([multiply(subtract('1', divide(absolute(subtract(price, benchmark)), benchmark)), f.weight), '0'])
    default:
      return slopeScore(round(deviation, rounding.deviation, rounding.mode), f.slope)
  }
}

function scoreBid(bid: Priced, f: Formula, benchmark: string, rounding: RoundingSettings): BidScore {
  const deviation = multiply(divide(subtract(bid.price, benchmark), benchmark), '100')
  const score = unroundedScore(f, bid.price, benchmark, deviation, rounding)
  return {
    id: bid.id,
    deviation: round(deviation, rounding.deviation, rounding.mode),
    score: round(score, rounding.score, rounding.mode),
  }
}

/** Scores every bid that is not excluded and keeps all that is needed to repeat it. Prices must be positive decimals (RangeError). */
export function scorePrices(bids: ScoredBid[], formula: Formula, rounding: RoundingSettings = usualRounding): PriceScoreRun {
  const input = bids.map(bid => {
    const evaluated = formula.kind === 'F1' ? (bid.evaluated ?? bid.price) : bid.price
    if (!isDecimal(evaluated) || !isLess('0', evaluated)) throw new RangeError('a price must be above zero')
    return { id: bid.id, price: bid.price, evaluated, included: bid.excluded === undefined, reason: bid.excluded ?? null }
  })
  const valid = input.filter(bid => bid.included).map(bid => ({ id: bid.id, price: bid.evaluated }))
  const none: BenchmarkRun = { benchmark: null, trimmed: [], steps: [] }
  const run = valid.length === 0 ? none : benchmarkOf(valid, formula)
  const benchmark = run.benchmark === null ? null : round(run.benchmark, rounding.benchmark, rounding.mode)
  const scores = input.map(({ id, evaluated, included }) =>
    included && benchmark !== null
      ? scoreBid({ id, price: evaluated }, formula, benchmark, rounding)
      : { id, deviation: null, score: null },
  )
  return { version: 'price-score@1', formula, rounding, input, ...run, benchmark, scores }
}
