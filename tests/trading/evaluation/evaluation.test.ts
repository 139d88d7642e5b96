import { expect, test } from 'vitest'
import { anomaliesOf, type EvaluationInput, evaluate, isScore } from '~/trading/evaluation/evaluation'

const scoring: EvaluationInput['scoring'] = {
  method: 'comprehensive',
  formula: 'F2',
  priceWeight: '60',
  params: { E1: '2', E2: '1', floor: '0', trimAbove: 3, rounding: 'HALF_UP' },
  compliance: [{ code: 'Q1', text: '资格' }],
  items: [
    { code: 'T', name: '技术', max: '30', group: 'technical' },
    { code: 'B', name: '商务', max: '10', group: 'business' },
  ],
  onDecryptedBelow3: 'stop',
}
const prices = { a: '9500000', b: '9600000', c: '9700000', d: '10300000' }
const experts = ['e1', 'e2', 'e3']
const bids = Object.entries(prices).map(([id, price]) => ({ id, name: id, creditCode: id, price }))
const input: EvaluationInput = {
  scoring,
  ruleSet: 'tender',
  ceiling: '10200000',
  maximumCandidates: 3,
  bids,
  compliance: bids.flatMap(bid => experts.map(expert => ({ bidId: bid.id, expert, item: 'Q1', pass: true, reason: '' }))),
  scores: bids.flatMap(bid =>
    experts.flatMap((expert, i) => [
      { bidId: bid.id, expert, item: 'T', score: String(20 + i) },
      { bidId: bid.id, expert, item: 'B', score: '8' },
    ]),
  ),
}
const of = (result: ReturnType<typeof evaluate>, id: string) => result.bids.find(bid => bid.id === id)!

test('a bid above the ceiling is rejected with its article, and stays out of the benchmark', () => {
  const result = evaluate(input)
  expect(of(result, 'd').rejections[0]!.item).toBe('CEILING')
  expect(of(result, 'd').rank).toBe(null)
  expect(result.priceRun.benchmark).toBe('9600000.00')
})

test('totals are means of the members plus the price score, ranked', () => {
  const result = evaluate(input)
  expect(of(result, 'b')).toMatchObject({ technical: '21', business: '8', priceScore: '60.00', total: '89.00', rank: 1 })
  expect(of(result, 'a').priceScore).toBe('58.96')
  expect(result.candidates).toEqual(['b', 'a', 'c'])
})

test('an item is failed only by more than half of the members', () => {
  const failedBy = (count: number) =>
    evaluate({
      ...input,
      compliance: input.compliance.map(f =>
        f.bidId === 'a' && experts.indexOf(f.expert) < count ? { ...f, pass: false, reason: '缺' } : f,
      ),
    })
  expect(of(failedBy(1), 'a').rejections).toEqual([])
  expect(of(failedBy(2), 'a').rejections).toEqual([{ item: 'Q1', text: '资格', reasons: ['缺', '缺'] }])
})

test('the order of rows does not matter', () => {
  const turned = {
    ...input,
    bids: [...bids].reverse(),
    scores: [...input.scores].reverse(),
    compliance: [...input.compliance].reverse(),
  }
  expect(evaluate(turned).candidates).toEqual(evaluate(input).candidates)
})

test.each([
  ['30', true],
  ['0', true],
  ['29.95', true],
  ['30.01', false],
  ['-1', false],
  ['29.999', false],
  ['1e1', false],
  ['', false],
])('points %s of 30: %s', (score, ok) => expect(isScore(score, '30')).toBe(ok))

test('a score far from the other members is pointed out', () => {
  const scores = ['20', '21', '8'].map((score, i) => ({ bidId: 'a', expert: experts[i]!, item: 'T', score }))
  expect(anomaliesOf(scores).map(a => a.expert)).toEqual(
    ['e1', 'e2', 'e3'].filter((_, i) => i === 2 || Math.abs(Number(scores[i]!.score) - 14.5) > 4.35),
  )
})

test('of two envelopes a bid without its price is neither scored nor ranked: out where its second was opened in vain, open where it is not opened yet', () => {
  const { price: _, ...a } = bids[0]!
  const vain = evaluate({ ...input, bids: [{ ...a, price: null, unpriced: '撤销' }, ...bids.slice(1)] })
  expect(of(vain, 'a')).toMatchObject({ price: null, priceScore: null, rank: null, rejections: [{ item: 'ENVELOPE' }] })
  expect(vain.candidates).toEqual(['b', 'c'])
  const sealed = evaluate({ ...input, bids: input.bids.map(({ price: __, ...bid }) => ({ ...bid, price: null })) })
  expect(sealed.bids.map(bid => [bid.rejections, bid.total, bid.rank])).toEqual(Array(4).fill([[], null, null]))
  expect(sealed.candidates).toEqual([])
})
