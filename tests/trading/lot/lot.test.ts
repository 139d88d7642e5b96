import { expect, test } from 'vitest'
import { lotStates } from '@/db/schema/trading/project'
import { lotJson } from '@/tests/factories/lot'
import { type CustodyFacts, custodyProblem } from '~/trading/lot/custodians'
import { isBiddingOpen, lotFlow, phaseOf } from '~/trading/lot/lot'
import { itemsOf, lotBody, lotForm } from '~/trading/lot/lot.form.server'
import { lotNextText, lotStateText } from '~/trading/lot/lot.text'
import { ruleEdition } from '~/trading/rules/editions'
import { checkScoring } from '~/trading/rules/scoring'

test('every state can be reached from draft and has words', () => {
  const reached = new Set(['draft'])
  for (const state of lotStates) for (const to of Object.values(lotFlow[state])) reached.add(to)
  expect([...reached].sort()).toEqual([...lotStates].sort())
  for (const state of lotStates) {
    expect(lotStateText[state].length).toBeGreaterThan(1)
    expect(lotNextText[state]).toMatch(/。$/)
    expect(phaseOf(state)).toBeDefined()
  }
})

test('a lot is never opened before it is closed, and never leaves the archive', () => {
  expect(lotFlow.bidding).toEqual({ close: 'closed', terminate: 'terminated' })
  expect(lotFlow.archived).toEqual({})
})

test('bidding is open until the deadline and not at it', () => {
  const lot = { state: 'bidding' as const, biddingEndsAt: new Date('2026-12-01T01:30:00Z') }
  expect(isBiddingOpen(lot, new Date('2026-12-01T01:29:59.999Z'))).toBe(true)
  expect(isBiddingOpen(lot, new Date('2026-12-01T01:30:00Z'))).toBe(false)
  expect(isBiddingOpen({ ...lot, state: 'closed' }, new Date('2026-12-01T01:29:00Z'))).toBe(false)
})

const custody = (groups: string[], wish: Partial<CustodyFacts> = {}): CustodyFacts => ({
  custodians: groups.map((interestGroup, i) => ({ organisationId: `o${i}`, interestGroup })),
  threshold: 2,
  releaseMode: 'custody',
  tendererOrganisations: [],
  operatorOrganisations: [],
  ...wish,
})

const unsafe: [string, CustodyFacts, string | null][] = [
  ['2-of-3 by three interests', custody(['tenderer-side', 'supervisor', 'third']), null],
  ['one interest holding two of three', custody(['third', 'third', 'supervisor']), '可以单独打开'],
  ['3-of-3: each alone can block', custody(['a', 'b', 'c'], { threshold: 3 }), '可以单独阻止'],
  ['3-of-5 with one interest holding two', custody(['a', 'a', 'b', 'c', 'd'], { threshold: 3 }), null],
  ['4-of-5: any one of two blocks', custody(['a', 'a', 'b', 'c', 'd'], { threshold: 4 }), '可以单独阻止'],
  ['threshold of one', custody(['a', 'b', 'c'], { threshold: 1 }), '门限应为'],
  ['one custodian', custody(['a']), '2 至 9'],
  ['ten custodians', custody('abcdefghij'.split('')), '2 至 9'],
  ['the operator as custodian', custody(['a', 'b', 'c'], { operatorOrganisations: ['o1'] }), '平台运维方'],
  ['the agency under another name', custody(['a', 'b', 'c'], { tendererOrganisations: ['o0'] }), '算同一利益方'],
  ['no custodians in mode bidder', custody([], { releaseMode: 'bidder' }), null],
  ['custodians in mode bidder', custody(['a', 'b'], { releaseMode: 'bidder' }), '不设保管人'],
]

for (const [name, facts, problem] of unsafe) {
  test(`${name}: ${problem ?? 'safe'}`, () => {
    if (problem === null) expect(custodyProblem(facts)).toBeNull()
    else expect(custodyProblem(facts)).toContain(problem)
  })
}

const works = ruleEdition('works.open-tender@2026.1')
const goods = ruleEdition('gp-goods.open-tender@2026.1')
const points = (price: number, items: string[], formula: 'F1' | 'F2' = 'F1') => ({
  method: 'comprehensive' as const,
  formula,
  price,
  items,
})

test('points must add up to one hundred, exactly', () => {
  expect(checkScoring(works, points(60, ['25', '15'], 'F2'))).toBeNull()
  expect(checkScoring(works, points(33.3, ['33.3', '33.4'], 'F2'))).toBeNull()
  expect(checkScoring(works, points(60, ['25', '14.99'], 'F2'))?.reason).toContain('99.99')
})

test('procurement of goods gives the price at least 30 points by low-price-first', () => {
  expect(checkScoring(goods, points(30, ['70']))).toBeNull()
  expect(checkScoring(goods, points(29, ['71']))?.article).toContain('第五十五条')
  expect(checkScoring(goods, points(30, ['70'], 'F2'))?.reason).toContain('低价优先法')
  expect(checkScoring(ruleEdition('gp-services.open-tender@2026.1'), points(10, ['90']))).toBeNull()
})

test('an unknown field, a zero ceiling or a doubled code is refused by the form of a lot', () => {
  expect(lotBody.safeParse(lotJson()).success).toBe(true)
  expect(lotBody.safeParse(lotJson({ price: 1 })).success).toBe(false)
  expect(lotBody.safeParse(lotJson({ ceilingFen: '0' })).success).toBe(false)
  expect(lotBody.safeParse(lotJson({ ceilingFen: '12.5' })).success).toBe(false)
  const twice = { ...lotJson().scoring, items: [1, 2].map(() => ({ code: 'S1', name: 'a', max: '20', group: 'technical' })) }
  expect(lotBody.safeParse(lotJson({ scoring: twice })).success).toBe(false)
})

test('items are typed one per line', () => {
  expect(itemsOf('施工组织设计 25 技术\n企业业绩 15 商务\n\n')).toEqual([
    { code: 'S1', name: '施工组织设计', max: '25', group: 'technical' },
    { code: 'S2', name: '企业业绩', max: '15', group: 'business' },
  ])
})

const typed = {
  name: '一标段',
  content: '施工',
  qualification: '二级',
  ceilingYuan: '12,000,000.00',
  suite: 'intl',
  releaseMode: 'both',
  threshold: '2',
  releaseMinutes: '30',
  method: 'comprehensive',
  formula: 'F1',
  priceWeight: '0.6',
  compliance: '投标函已签字',
  items: '方案 40 技术',
}

test("the page's form becomes the same input as the API's", () => {
  const parsed = lotForm.parse(typed)
  expect(parsed).toMatchObject({
    ceilingFen: 1_200_000_000n,
    releaseSeconds: 1800,
    scoring: { items: [{ code: 'S1', max: '40' }] },
  })
})

test("what is wrong in the page's form is told at its field", () => {
  const wrong = lotForm.safeParse({ ...typed, ceilingYuan: 'abc', items: '方案' })
  expect(wrong.success ? [] : wrong.error.issues.map(i => i.path[0])).toEqual(expect.arrayContaining(['ceilingYuan', 'items']))
})
