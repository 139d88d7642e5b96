import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLess } from '~/shared/decimal'
import { drawSetF5, type Formula, type ScoredBid, type Slope, scorePrices, usualRounding } from '~/trading/evaluation/price-score'

// The vectors of tender-rules §3.4.
const seven = ['9200000', '9350000', '9480000', '9500000', '9620000', '9800000', '10050000']
const bidsOf = (prices: string[]): ScoredBid[] => prices.map((price, at) => ({ id: `b${at + 1}`, price }))
const slope: Slope = { full: '100', above: '2', below: '1', floor: '0' }
const scoresOf = (bids: ScoredBid[], formula: Formula) => scorePrices(bids, formula).scores.map(bid => bid.score)

describe('F1 low price first (Order 87 art. 55)', () => {
  const bids: ScoredBid[] = [
    { id: 'a', price: '980000' },
    { id: 'small', price: '1000000', evaluated: '900000' },
    { id: 'c', price: '1100000' },
  ]
  test('the policy price is used for benchmark and own price', () => {
    expect(scoresOf(bids, { kind: 'F1', weight: '1' })).toEqual(['91.84', '100.00', '81.82'])
    expect(scoresOf(bids, { kind: 'F1', weight: '0.30' })).toEqual(['27.55', '30.00', '24.55'])
  })
  test('an excluded bid neither sets the benchmark nor gets points, and keeps its reason', () => {
    const run = scorePrices([...bids, { id: 'void', price: '1', excluded: '投标无效' }], { kind: 'F1', weight: '1' })
    expect(run.benchmark).toBe('900000.00')
    expect(run.scores.at(-1)).toEqual({ id: 'void', deviation: null, score: null })
    expect(run.input.at(-1)).toMatchObject({ included: false, reason: '投标无效' })
  })
})

describe('F2 trimmed mean with linear deduction', () => {
  const formula: Formula = { kind: 'F2', plainMeanUpTo: 3, slope }
  test('seven bids lose one highest and one lowest, and deviations are rounded before scoring', () => {
    const run = scorePrices(bidsOf(seven), formula)
    expect(run.benchmark).toBe('9550000.00')
    expect(run.scores.map(bid => bid.deviation)).toEqual(['-3.66', '-2.09', '-0.73', '-0.52', '0.73', '2.62', '5.24'])
    expect(run.scores.map(bid => bid.score)).toEqual(['96.34', '97.91', '99.27', '99.48', '98.54', '94.76', '89.52'])
    expect(run.trimmed).toEqual([
      { id: 'b1', why: 'lowest' },
      { id: 'b7', why: 'highest' },
    ])
  })
  test('up to the stated number of bids the mean is plain', () => {
    expect(scorePrices(bidsOf(['1', '2', '6']), formula).benchmark).toBe('3.00')
    expect(scorePrices(bidsOf(['1', '2', '3', '10']), formula).benchmark).toBe('2.50')
    expect(scorePrices(bidsOf(['1', '2', '3', '10']), { ...formula, plainMeanUpTo: 4 }).benchmark).toBe('4.00')
  })
  test('a floor and a dead band hold', () => {
    const banded: Formula = {
      kind: 'F2',
      plainMeanUpTo: 9,
      slope: { full: '35', above: '0.4', below: '0.2', floor: '25', deadBand: '2' },
    }
    expect(scoresOf(bidsOf(['100', '101', '99', '100']), banded)).toEqual(['35.00', '35.00', '35.00', '35.00'])
    expect(scoresOf(bidsOf(['100', '100', '10', '190']), banded)).toEqual(['35.00', '35.00', '25.00', '25.00'])
  })
})

test('F3: the floating point drawn at opening lowers the trimmed mean', () => {
  expect(scorePrices(bidsOf(seven), { kind: 'F3', plainMeanUpTo: 3, float: '0.01', slope }).benchmark).toBe('9454500.00')
})

describe('F4 mean and ceiling composite', () => {
  const formula: Formula = { kind: 'F4', ceiling: '10200000', k1: '0.97', q1: '0.75', k2: '0.93', slope }
  test('the vector', () => expect(scorePrices(bidsOf(seven), formula).benchmark).toBe('9319125.00'))
  test('the number of bids decides what is dropped', () => {
    const a = (prices: string[]) => scorePrices(bidsOf(prices), formula).steps[0]?.value
    expect(a(['5', '1', '3'])).toBe('3')
    expect(a(['7'])).toBe('7')
    expect(a(['1', '2', '3', '100'])).toBe('2')
    expect(scorePrices(bidsOf(Array.from({ length: 13 }, (_, at) => String(at + 1))), formula).trimmed).toHaveLength(6)
  })
})

describe('F5 ABC composite', () => {
  const formula = { kind: 'F5', ceiling: '10200000', d: '0.05', k: '0.97', drawn: 'b1', whenEmpty: 'no-result', slope } as const
  test('the vector with its intermediate values', () => {
    const run = scorePrices(bidsOf(seven), formula)
    expect(run.benchmark).toBe('9161650.00')
    expect(Object.fromEntries(run.steps.map(({ name, value }) => [name, value]))).toMatchObject({
      A: '9690000',
      floor: '7320000',
      Cmin: '9200000',
      Bp: '9200000',
    })
    expect(drawSetF5(bidsOf(seven), formula).set.map(bid => bid.id)).toEqual(['b1'])
  })
  test('an empty set ends as the document says and never crashes', () => {
    const empty = { ...formula, d: '0.06', drawn: null }
    expect(drawSetF5(bidsOf(seven), empty).set).toEqual([])
    const none = scorePrices(bidsOf(seven), empty)
    expect(none.benchmark).toBeNull()
    expect(none.scores.every(bid => bid.score === null)).toBe(true)
    expect(scorePrices(bidsOf(seven), { ...empty, whenEmpty: 'use-lowest-in-range' }).benchmark).toBe('9112180.00')
    expect(scorePrices(bidsOf(seven), { ...empty, whenEmpty: 'use-mean' }).benchmark).not.toBeNull()
  })
  test('a drawn bid outside the set is refused', () =>
    expect(() => scorePrices(bidsOf(seven), { ...formula, drawn: 'b7' })).toThrow(RangeError))
})

describe('F6 random sample mean', () => {
  const base = { kind: 'F6', from: '9300000', to: '10000000', size: 3, sample: ['b2', 'b3', 'b6'], slope } as const
  test('ends of the sample are dropped', () => expect(scorePrices(bidsOf(seven), base).benchmark).toBe('9480000.00'))
  test('with fewer prices than the sample size all in the range count', () =>
    expect(scorePrices(bidsOf(seven), { ...base, size: 9, sample: [] }).benchmark).toBe('9533333.33'))
  test('the ceiling can be mixed in by weight', () =>
    expect(scorePrices(bidsOf(seven), { ...base, ceiling: { price: '10000000', weight: '0.5' } }).benchmark).toBe('9740000.00'))
  test('a sample from outside the range is refused', () =>
    expect(() => scorePrices(bidsOf(seven), { ...base, sample: ['b1', 'b2', 'b3'] })).toThrow(RangeError))
})

describe('F7 mean with budget', () => {
  test('the vector', () => {
    const run = scorePrices(bidsOf(seven), { kind: 'F7', budget: '10200000', weight: '40' })
    expect(run.benchmark).toBe('9885714.29')
    expect(run.scores.map(bid => bid.score)).toEqual(['37.23', '37.83', '38.36', '38.44', '38.92', '39.65', '39.34'])
  })
  test('stepped: every whole 3 % above costs 6 points, every whole 3 % below costs 3', () => {
    const steps = { full: '40', aboveStep: '3', aboveCost: '6', belowStep: '3', belowCost: '3', floor: '0' }
    const formula: Formula = { kind: 'F7', budget: '100', weight: '40', steps }
    expect(scoresOf(bidsOf(['100', '106', '94', '97.5', '102.5']), formula)).toEqual([
      '40.00',
      '28.00',
      '34.00',
      '40.00',
      '40.00',
    ])
  })
})

describe('F8 outlier filter and coefficient', () => {
  test('the price furthest from the mean goes first, of two equally far the higher', () => {
    const run = scorePrices(bidsOf(['10', '100', '190']), { kind: 'F8', within: '0.3', mu: '0.9', slope })
    expect(run.trimmed).toEqual([{ id: 'b3', why: 'outlier' }])
    expect(run.benchmark).toBe('49.50')
  })
  test('prices inside the limit all stay', () =>
    expect(scorePrices(bidsOf(seven), { kind: 'F8', within: '0.3', mu: '1', slope }).trimmed).toEqual([]))
})

describe('every formula', () => {
  const formulas: Formula[] = [
    { kind: 'F1', weight: '100' },
    { kind: 'F2', plainMeanUpTo: 3, slope },
    { kind: 'F3', plainMeanUpTo: 3, float: '0.01', slope },
    { kind: 'F4', ceiling: '1000', k1: '0.97', q1: '0.75', k2: '0.93', slope },
    { kind: 'F6', from: '1', to: '1000', size: 99, sample: [], slope },
    { kind: 'F7', budget: '900', weight: '40' },
    { kind: 'F8', within: '0.3', mu: '0.95', slope },
  ]
  test('does not depend on the order of the bids', () => {
    const many = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(many, fc.constantFrom(...formulas), (fens, formula) => {
        const bids = fens.map(fen => ({ id: `b${fen}`, price: (fen / 100).toFixed(2) }))
        const [there, back] = [scorePrices(bids, formula), scorePrices(bids.toReversed(), formula)]
        expect(back.benchmark).toBe(there.benchmark)
        expect(back.scores.toReversed()).toEqual(there.scores)
        for (const { score } of there.scores) expect(score === null || !isLess(score, '0')).toBe(true)
      }),
    )
  })
  test('answers without a benchmark when no bid is valid', () => {
    for (const formula of formulas)
      expect(scorePrices([{ id: 'x', price: '5', excluded: '否决投标' }], formula).benchmark).toBeNull()
  })
  test('rounds as the document says', () => {
    const whole = { ...usualRounding, benchmark: 0, score: 3 }
    const run = scorePrices(bidsOf(['1', '2', '4']), { kind: 'F2', plainMeanUpTo: 3, slope }, whole)
    expect(run.benchmark).toBe('2')
    expect(run.scores[0]?.score).toBe('50.000')
  })
  test.each(['0', '-5', 'abc', ''])('refuses the price %j', price =>
    expect(() => scorePrices([{ id: 'x', price }], { kind: 'F1', weight: '1' })).toThrow(RangeError),
  )
})
