import { expect, test } from 'vitest'
import {
  type CommitteeFacts,
  type CommitteeSeat,
  checkCommittee,
  maximumEmployers,
  minimumExperts,
} from '~/trading/rules/committee'
import { ruleEdition } from '~/trading/rules/editions'
import { isTooFew, type TooFewStage, tooFewOutcome, tooFewStages } from '~/trading/rules/fewer-than-three'
import { depositCap, performanceCap } from '~/trading/rules/money'

const works = ruleEdition('works.open-tender@2026.1')
const goods = ruleEdition('gp-goods.open-tender@2026.1')

const seats = (experts: number, employers: number, chair: 'expert' | 'employer' = 'expert'): CommitteeSeat[] => [
  ...Array.from({ length: experts }, (_, i) => ({ role: 'expert' as const, isChair: chair === 'expert' && i === 0 })),
  ...Array.from({ length: employers }, (_, i) => ({ role: 'employer' as const, isChair: chair === 'employer' && i === 0 })),
]
const facts = (list: CommitteeSeat[], more: Partial<CommitteeFacts> = {}): CommitteeFacts => ({
  seats: list,
  budgetFen: 500_000_000n,
  isComplex: false,
  isWater: false,
  ...more,
})

test('committees of 5, 7 and 9 need 4, 5 and 6 experts', () => {
  expect([3, 5, 7, 9].map(n => [minimumExperts(n), maximumEmployers(n)])).toEqual([
    [2, 1],
    [4, 1],
    [5, 2],
    [6, 3],
  ])
})

const table: [string, typeof works, CommitteeFacts, string[]][] = [
  ['works 4+1', works, facts(seats(4, 1)), []],
  ['works 5 experts', works, facts(seats(5, 0)), []],
  ['works 3+2', works, facts(seats(3, 2)), ['EC-EXPERTS']],
  ['works of 3', works, facts(seats(3, 0)), ['EC-SIZE']],
  ['works of 6', works, facts(seats(6, 0)), ['EC-SIZE']],
  ['works of 4 is too small and even', works, facts(seats(4, 0)), ['EC-SIZE', 'EC-SIZE']],
  ['water works of 5', works, facts(seats(4, 1), { isWater: true }), ['EC-SIZE']],
  ['water works 5+2', works, facts(seats(5, 2), { isWater: true }), []],
  ['works chaired by the tenderer', works, facts(seats(4, 1, 'employer')), []],
  ['procurement just under ten million', goods, facts(seats(4, 1), { budgetFen: 999_999_999n }), []],
  ['procurement of ten million with 5', goods, facts(seats(4, 1), { budgetFen: 1_000_000_000n }), ['EC-SIZE']],
  ['procurement of ten million with 7', goods, facts(seats(5, 2), { budgetFen: 1_000_000_000n }), []],
  ['complex procurement with 5', goods, facts(seats(4, 1), { isComplex: true }), ['EC-SIZE']],
  ['procurement chaired by the purchaser', goods, facts(seats(4, 1, 'employer')), ['EC-CHAIR']],
  ['procurement with agency staff', goods, facts([...seats(4, 0), { role: 'agency', isChair: false }]), ['EC-AGENCY']],
]

for (const [name, edition, given, ids] of table) {
  test(`${name}: ${ids.join(', ') || 'may sit'}`, () => expect(checkCommittee(edition, given).map(v => v.id)).toEqual(ids))
}

const outcomes: [TooFewStage, string, boolean, string, boolean][] = [
  ['prequalified', 'retender', false, 'resolve-or-change-method', false],
  ['submitted', 'must-not-open', false, 'must-not-open', false],
  ['decrypted', 'stop', false, 'stop', false],
  ['qualified', 'committee-decides', true, 'must-not-evaluate', false],
  ['responsive', 'committee-decides', true, 'procurement-void', false],
  ['all-rejected', 'retender', false, 'procurement-void', false],
  ['invited', 'invite-more', false, 'invite-more', false],
]

for (const [stage, tender, tenderGoesOn, procurement, procurementGoesOn] of outcomes) {
  test(`fewer than three ${stage}: ${tender} in a works tender, ${procurement} in procurement`, () => {
    expect(tooFewOutcome(works, stage)).toMatchObject({ action: tender, mayContinue: tenderGoesOn })
    expect(tooFewOutcome(goods, stage)).toMatchObject({ action: procurement, mayContinue: procurementGoesOn })
  })
}

test('the table covers every stage, and two are too few while three are not', () => {
  expect(outcomes.map(o => o[0]).sort()).toEqual([...tooFewStages].sort())
  expect([2, 3].map(n => isTooFew(works, n))).toEqual([true, false])
})

test('too few decrypted go on only when the document says so', () => {
  expect(tooFewOutcome({ ...works, onDecryptedBelowMinimum: 'CONTINUE_BY_DOCUMENT' }, 'decrypted').mayContinue).toBe(true)
})

test('the deposit is at most two percent, and in works at most 800,000 yuan', () => {
  expect(depositCap(works, 100_000_000n)).toBe(2_000_000n)
  expect(depositCap(works, 100_000_000_000n)).toBe(80_000_000n)
  expect(depositCap(goods, 100_000_000_000n)).toBe(2_000_000_000n)
  expect(performanceCap(works, 1_005n)).toBe(100n)
})
