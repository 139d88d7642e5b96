import { expect, test } from 'vitest'
import { eventsOf } from '~/shared/flow'
import { capitalFen } from '~/shared/money'
import { countStatements, type Statement } from '~/trading/opening/count'
import { afterEvent, emptyHall, type HallEvent, hallOf } from '~/trading/opening/hall'
import { dueAt, finalPhases, openingFlow } from '~/trading/opening/opening'
import { openingEventText } from '~/trading/opening/opening.text'
import { priceFormOf, readPrice } from '~/trading/opening/price-form'
import { failureOfKeys, failures, verdictOf } from '~/trading/opening/settle'

const statement = (organisationId: string, seq: number, leafIdx: number, wish: Partial<Statement> = {}): Statement => ({
  organisationId,
  seq,
  leafIdx,
  isWithdrawal: false,
  isUpToDate: true,
  ...wish,
})
const statesOf = (statements: Statement[]) => countStatements(statements).map(c => [c.statement.leafIdx, c.state, c.by])

test('the last statement of each organisation counts, in the order of the leaves', () => {
  expect(statesOf([statement('b', 1, 7), statement('a', 2, 9), statement('a', 1, 3)])).toEqual([
    [3, 'replaced', 9],
    [7, 'locked', null],
    [9, 'locked', null],
  ])
})

test('a withdrawal takes back the statement before it, and a later one counts again', () => {
  const taken = [statement('a', 1, 1), statement('a', 2, 2), statement('a', 3, 3, { isWithdrawal: true })]
  expect(statesOf(taken)).toEqual([
    [1, 'replaced', 2],
    [2, 'withdrawn-before', 3],
    [3, 'withdrawn-before', null],
  ])
  expect(statesOf([...taken, statement('a', 4, 4)]).map(([, state]) => state)).toEqual([
    'replaced',
    'withdrawn-before',
    'replaced',
    'locked',
  ])
})

test('a statement that was not confirmed after the terms changed is void', () => {
  expect(statesOf([statement('a', 1, 1, { isUpToDate: false })])).toEqual([[1, 'refused', null]])
})

test('every phase of an opening leads on, and the last ones lead nowhere', () => {
  const dead = Object.entries(openingFlow).filter(([, next]) => Object.keys(next).length === 0)
  expect(dead.map(([phase]) => phase)).toEqual([...finalPhases])
  const reached = new Set(Object.values(openingFlow).flatMap(next => Object.values(next)))
  expect([...reached].sort()).toEqual(
    Object.keys(openingFlow)
      .filter(phase => phase !== 'closing')
      .sort(),
  )
  for (const phase of Object.keys(openingFlow) as (keyof typeof openingFlow)[]) {
    for (const event of eventsOf(openingFlow, phase)) expect(openingEventText[event]).toBeTruthy()
  }
})

test('the clock looks again when a step ends, and never after the record', () => {
  const now = new Date('2026-12-01T01:30:00Z')
  const end = new Date('2026-12-01T02:00:00Z')
  const at = { releaseEndsAt: end, twinEndsAt: null, objectionEndsAt: end, confirmEndsAt: end, resumesAt: null, signEndsAt: end }
  expect(dueAt({ phase: 'closing', ...at }, now)).toEqual(now)
  expect(dueAt({ phase: 'releasing', ...at }, now)).toEqual(end)
  expect(dueAt({ phase: 'releasing', ...at, releaseEndsAt: null }, now)).toBeNull()
  for (const phase of finalPhases) expect(dueAt({ phase, ...at }, now)).toBeNull()
})

test('whose fault a closed stage is follows from the evidence', () => {
  expect(failureOfKeys({ state: 'opened' }, true)).toBeNull()
  expect(failureOfKeys({ state: 'bidder-fault' }, true)).toBe('wrong-key')
  expect(failureOfKeys({ state: 'waiting', missing: ['b'] }, false)).toBe('no-release')
  expect(failureOfKeys({ state: 'waiting', missing: ['b', 'c'] }, false)).toBe('no-release')
  expect(failureOfKeys({ state: 'waiting', missing: ['c'] }, true)).toBe('shares-missing')
})

test('every failure says what the bid becomes: 撤销 only by the bidder’s own fault', () => {
  for (const failure of failures) {
    const { state, fault, article } = verdictOf(failure)
    if (state === 'revoked') expect(fault).toBe('bidder')
    if (state === 'withdrawn') expect(fault).not.toBe('bidder')
    // Order 20 article 31 speaks of bids that were not decrypted, and of nothing else.
    expect(article === '《电子招标投标办法》第三十一条').toBe(state !== 'refused')
  }
})

const form = {
  t: 'tbid/price@1',
  lot: 'L1',
  priceFen: '12345600',
  priceWords: capitalFen(12_345_600n),
  currency: 'CNY',
  durationDays: 90,
  quality: '合格',
  manager: '王建国',
  note: '',
}

test('a price form for another lot, with a field more or less, or of another kind is none', () => {
  expect(priceFormOf(form, 'L1')).toEqual(form)
  const { note: _, ...short } = form
  for (const bad of [
    { ...form, lot: 'L2' },
    { ...form, more: 1 },
    short,
    { ...form, priceFen: 12_345_600 },
    { ...form, priceFen: '-1' },
    { ...form, priceFen: '1e9' },
    { ...form, durationDays: 1.5 },
    { ...form, currency: 'USD' },
    null,
    [],
    'x',
  ]) {
    expect(priceFormOf(bad, 'L1')).toBeNull()
  }
})

test('words win over figures, and what cannot be read in words is left to the committee', () => {
  const read = (wish: object) => readPrice(priceFormOf({ ...form, ...wish }, 'L1')!, 20_000_000n)
  expect(read({})).toMatchObject({ priceFen: 12_345_600n, flags: [] })
  expect(read({ priceWords: '壹拾万元整' })).toMatchObject({ priceFen: 10_000_000n, flags: ['words-differ'] })
  expect(read({ priceWords: '十万' })).toMatchObject({ priceFen: 12_345_600n, flags: ['words-unreadable'] })
  expect(read({ priceFen: '20000001', priceWords: capitalFen(20_000_001n) }).flags).toEqual(['above-ceiling'])
})

const events: HallEvent[] = [
  { seq: 1, at: 't', kind: 'closed', facts: { deadline: 'd', closedAt: 'c' } },
  { seq: 2, at: 't', kind: 'counted', facts: { counted: 3 } },
  { seq: 3, at: 't', kind: 'bidders', facts: { bids: [{ no: 1, statement: 's', organisation: '甲', committedAt: 'x' }] } },
  { seq: 4, at: 't', kind: 'unlocked', facts: { nos: [1] } },
]

test('a hall is the same from all events at once, one by one, or with repeats', () => {
  const whole = hallOf(events)
  expect(whole).toMatchObject({ seq: 4, phase: 'releasing', counted: 3, bids: [{ no: 1, isUnlocked: true, state: 'locked' }] })
  expect(events.slice(2).reduce(afterEvent, hallOf(events.slice(0, 2)))).toEqual(whole)
  expect(hallOf([...events, ...events])).toEqual(whole)
  expect(hallOf([])).toEqual(emptyHall)
})

test('what happened to several bids at once is one event, and changes them and no other', () => {
  const named = (no: number) => ({ no, statement: `s${no}`, organisation: `${no}`, committedAt: 'x' })
  const line = (no: number) => ({
    no,
    priceFen: `${no}00`,
    priceWords: '',
    durationDays: 1,
    quality: '',
    manager: '',
    note: '',
    flags: [],
  })
  const of = (role: 'bidder' | 'custodian', by: string) => ({ by, role, accepted: 3, refused: 0 })
  const hall = hallOf([
    { seq: 1, at: 't', kind: 'bidders', facts: { bids: [1, 2, 3].map(named) } },
    {
      seq: 2,
      at: 't',
      kind: 'released',
      facts: { releases: [of('custodian', '监督'), of('bidder', '甲'), of('custodian', '监督')] },
    },
    { seq: 3, at: 't', kind: 'unlocked', facts: { nos: [1, 3] } },
    { seq: 4, at: 't', kind: 'read', facts: { bids: [line(1), line(3)] } },
    {
      seq: 5,
      at: 't',
      kind: 'failed',
      facts: {
        bids: [{ no: 2, state: 'revoked', failure: 'no-release', fault: 'bidder', article: '《电子招标投标办法》第三十一条' }],
      },
    },
  ])
  expect(hall.custodians).toEqual(['监督'])
  expect(hall.bids.map(b => b.isUnlocked)).toEqual([true, false, true])
  expect(hall.bids.map(b => b.read?.priceFen)).toEqual(['100', undefined, '300'])
  expect(hall.bids.map(b => b.state)).toEqual(['decrypted', 'revoked', 'decrypted'])
})
