import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashOf, rank, seedOf, selectPanel } from '@/crypto/draw'
import { checkFeasible, mostSeats } from '@/crypto/draw-feasible'
import {
  applyEvent,
  type Candidate,
  contactOutcomes,
  fits,
  panelOf,
  type RowV2,
  type RulesV2,
  readEligible,
  readRules,
  type Seat,
} from '@/crypto/draw-rules'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const codes = ['A0401', 'A0801', 'A080101', 'B0101', 'B0132']
const regions = ['350100', '350200', '350300']
const person = (name: string, disc: string[], region: string, emp: string): Candidate => ({
  c: sha(name),
  disc,
  region,
  emp: sha(emp).slice(0, 32),
})
const seatOf = (seat: string, disc: string[], n: number, region: string[] | null = null) => ({ seat, disc, region, n })
const rulesOf = (seats: RulesV2['seats'], maxPerEmployer = 1): RulesV2 => ({ v: 2, seats, maxPerEmployer, alternates: 2 })

const anyPerson = fc
  .record({
    name: fc.uuid(),
    disc: fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1, maxLength: 3 }),
    region: fc.constantFrom(...regions),
    emp: fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5', 'e6'),
  })
  .map(({ name, disc, region, emp }) => person(name, disc.toSorted(), region, emp))
const anyPool = fc.uniqueArray(anyPerson, { minLength: 0, maxLength: 14, selector: ({ c }) => c })
const anySeat = fc.record({
  disc: fc.uniqueArray(fc.constantFrom('A', 'A08', 'B01', 'A0401', 'B0132'), { minLength: 1, maxLength: 2 }),
  region: fc.option(fc.uniqueArray(fc.constantFrom(...regions), { minLength: 1 }), { nil: null }),
  n: fc.integer({ min: 1, max: 3 }),
})
const anyRules = fc
  .tuple(fc.array(anySeat, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 2 }))
  .map(([seats, limit]) =>
    rulesOf(
      seats.map((seat, at) => ({ ...seat, seat: `s${at}` })),
      limit,
    ),
  )
const anySeed = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** The most seats by trying every assignment: the oracle for the flow. */
function mostByBruteForce(
  rules: RulesV2,
  people: Candidate[],
  at = 0,
  room = rules.seats.map(seat => seat.n),
  held: Record<string, number> = {},
): number {
  const one = people[at]
  if (!one) return 0
  let most = mostByBruteForce(rules, people, at + 1, room, held)
  if ((held[one.emp] ?? 0) >= rules.maxPerEmployer) return most
  for (const [place, seat] of rules.seats.entries()) {
    if (room[place]! === 0 || !fits(one, seat)) continue
    const less = room.with(place, room[place]! - 1)
    most = Math.max(most, 1 + mostByBruteForce(rules, people, at + 1, less, { ...held, [one.emp]: (held[one.emp] ?? 0) + 1 }))
  }
  return most
}

describe('feasibility', () => {
  test('the flow finds as many seats as trying everything', () => {
    const small = fc.uniqueArray(anyPerson, { maxLength: 7, selector: ({ c }) => c })
    fc.assert(
      fc.property(small, anyRules, (people, rules) => {
        expect(mostSeats(rules, people)).toBe(mostByBruteForce(rules, people))
      }),
    )
  })

  test('an infeasible draw never succeeds, and each change it names would make it feasible', () => {
    fc.assert(
      fc.property(anyPool, anyRules, anySeed, (people, rules, seed) => {
        const found = checkFeasible(rules, people)
        if (found.feasible) return
        expect(found.short).toBeGreaterThan(0)
        expect(selectPanel(seed, rules, people)).toBeNull()
        for (const relax of found.relax) expect(checkFeasible(easedBy(rules, relax), people).feasible).toBe(true)
      }),
    )
  })

  test('one firm that employs everyone is named as the obstacle, with the limit that would do', () => {
    const people = ['a', 'b', 'c'].map(name => person(name, ['A0801'], '350100', 'firm'))
    const found = checkFeasible(rulesOf([seatOf('技术', ['A08'], 2)]), people)
    expect(found).toMatchObject({ feasible: false, short: 1, seats: [{ seat: '技术', need: 2, fitting: 3 }] })
    expect(found.feasible || found.relax).toEqual([
      { relax: 'employer-limit', to: 2 },
      { relax: 'count', seat: '技术', to: 1 },
    ])
  })

  test('a region or a specialty that is too narrow is named', () => {
    const people = [person('a', ['A0801'], '350200', 'x'), person('b', ['A0802'], '350100', 'y')]
    const byRegion = checkFeasible(rulesOf([seatOf('技术', ['A0801'], 1, ['350100'])]), people)
    expect(byRegion.feasible || byRegion.relax).toEqual([
      { relax: 'region', seat: '技术' },
      { relax: 'specialty', seat: '技术', to: ['A08'] },
    ])
  })
})

type Eased = Extract<ReturnType<typeof checkFeasible>, { feasible: false }>['relax'][number]
function easedBy(rules: RulesV2, change: Eased): RulesV2 {
  if (change.relax === 'employer-limit') return { ...rules, maxPerEmployer: change.to }
  const eased = (seat: RulesV2['seats'][number]) =>
    change.relax === 'region'
      ? { ...seat, region: null }
      : change.relax === 'count'
        ? { ...seat, n: change.to }
        : { ...seat, disc: change.to }
  return { ...rules, seats: rules.seats.map(seat => (seat.seat === change.seat ? eased(seat) : seat)) }
}

function expectLawful(rules: RulesV2, people: Candidate[], places: { seat: string; c: string | null }[]) {
  const held = new Map<string, number>()
  for (const { seat, c } of places) {
    if (c === null) continue
    const one = people.find(candidate => candidate.c === c)
    expect(one && fits(one, rules.seats.find(({ seat: name }) => name === seat) as Seat)).toBe(true)
    held.set(one!.emp, (held.get(one!.emp) ?? 0) + 1)
  }
  for (const count of held.values()) expect(count).toBeLessThanOrEqual(rules.maxPerEmployer)
  const sitting = places.flatMap(({ c }) => c ?? [])
  expect(new Set(sitting).size).toBe(sitting.length)
}

describe('a panel', () => {
  test('keeps to the list, the quotas and the employer limit, whatever the seed', () => {
    fc.assert(
      fc.property(anyPool, anyRules, anySeed, (people, rules, seed) => {
        const selection = selectPanel(seed, rules, people)
        if (!selection) return
        expectLawful(rules, people, selection.seated)
        for (const seat of rules.seats) expect(selection.seated.filter(one => one.seat === seat.seat)).toHaveLength(seat.n)
      }),
    )
  })

  test('does not depend on the order in which people are listed, nor change when drawn again', () => {
    fc.assert(
      fc.property(anyPool, anyRules, anySeed, (people, rules, seed) => {
        expect(selectPanel(seed, rules, people.toReversed())).toEqual(selectPanel(seed, rules, people))
      }),
    )
  })

  test('stays lawful through any sequence of refusals, and nobody is contacted twice', () => {
    const answers = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...contactOutcomes)), { maxLength: 12 })
    fc.assert(
      fc.property(anyPool, anyRules, anySeed, answers, (people, rules, seed, steps) => {
        const selection = selectPanel(seed, rules, people)
        if (!selection) return
        const ranking = rank(seed, people, selection.attempt)
        let panel = panelOf(selection)
        for (const [pick, outcome] of steps) {
          const holders = panel.places.flatMap(({ c }) => c ?? [])
          const c = holders[pick % Math.max(holders.length, 1)]
          if (c === undefined || (outcome === 'accepted' && panel.accepted.includes(c))) continue
          panel = applyEvent(rules, ranking, panel, { c, outcome })
          expectLawful(rules, people, panel.places)
          expect(new Set(panel.contacted).size).toBe(panel.contacted.length)
          if (outcome !== 'accepted') expect(panel.places.some(place => place.c === c)).toBe(false)
        }
      }),
    )
  })
})

describe('a vacancy', () => {
  const people = [
    person('a', ['A0801'], '350100', 'x'),
    person('b', ['A0801'], '350100', 'x'),
    person('c', ['A0801'], '350100', 'y'),
  ]
  const rules = rulesOf([seatOf('技术', ['A08'], 1)])
  const seed = new Uint8Array(32).fill(5)
  const selection = selectPanel(seed, rules, people)!
  const ranking = rank(seed, people, selection.attempt)

  test('goes to the next of the same ranking, until nobody is left and the seat stays open', () => {
    const first = applyEvent(rules, ranking, panelOf(selection), { c: ranking[0]!.c, outcome: 'refused' })
    expect(first.places[0]?.c).toBe(ranking[1]!.c)
    const second = applyEvent(rules, ranking, first, { c: ranking[1]!.c, outcome: 'no-answer' })
    const third = applyEvent(rules, ranking, second, { c: ranking[2]!.c, outcome: 'engaged' })
    expect(third.places).toEqual([{ seat: '技术', c: null }])
    expect(third.contacted).toHaveLength(3)
  })

  test('needs someone who holds the seat: a stranger cannot refuse, nor can anyone accept twice', () => {
    const panel = panelOf(selection)
    expect(() => applyEvent(rules, ranking, panel, { c: ranking[2]!.c, outcome: 'refused' })).toThrow()
    const accepted = applyEvent(rules, ranking, panel, { c: ranking[0]!.c, outcome: 'accepted' })
    expect(() => applyEvent(rules, ranking, accepted, { c: ranking[0]!.c, outcome: 'accepted' })).toThrow()
  })

  test('counts the employer limit over those now seated only', () => {
    const two = rulesOf([seatOf('技术', ['A08'], 2)])
    const drawn = selectPanel(seed, two, people)!
    const order = rank(seed, people, drawn.attempt)
    const ofX = drawn.seated.find(({ c }) => people.find(one => one.c === c)!.emp === people[0]!.emp)!
    const spareX = people.find(one => one.emp === people[0]!.emp && one.c !== ofX.c)!
    const filled = applyEvent(two, order, panelOf(drawn), { c: ofX.c, outcome: 'avoid' })
    expect(filled.places.map(({ c }) => c)).toContain(spareX.c)
  })
})

describe('the seed', () => {
  const inputs = () => ({
    drawId: 'p-l-1-committee-1',
    poolRoot: sha('pool'),
    eligible: hashOf([['x']]),
    rules: hashOf({ v: 2 }),
    secrets: { a: randomBytes(32), b: randomBytes(32), c: randomBytes(32), d: randomBytes(32) } as Record<string, Uint8Array>,
    v: randomBytes(32),
  })

  test('changes when any one thing that was committed to changes', () => {
    const base = inputs()
    const changes = [
      { drawId: 'p-l-1-committee-2' },
      { poolRoot: sha('other') },
      { eligible: hashOf([['y']]) },
      { rules: hashOf({ v: 1 }) },
      { v: randomBytes(32) },
      ...Object.keys(base.secrets).map(party => ({ secrets: { ...base.secrets, [party]: randomBytes(32) } })),
    ]
    const seeds = changes.map(change => hashOf(Buffer.from(seedOf({ ...base, ...change })).toString('hex')))
    expect(new Set([...seeds, hashOf(Buffer.from(seedOf(base)).toString('hex'))]).size).toBe(changes.length + 1)
  })

  test('takes parties in the order of their ids, whatever order they came in', () => {
    const base = inputs()
    const turned = Object.fromEntries(Object.entries(base.secrets).toReversed())
    expect(seedOf({ ...base, secrets: turned })).toEqual(seedOf(base))
  })
})

describe('rules and lists are read exactly', () => {
  const good = rulesOf([seatOf('技术', ['A08'], 1)])
  test.each([
    ['an unknown field', { ...good, extra: 1 }],
    ['an unknown edition', { ...good, v: 3 }],
    ['no seats', { ...good, seats: [] }],
    ['an empty prefix', rulesOf([seatOf('技术', [''], 1)])],
    ['no prefix', rulesOf([seatOf('技术', [], 1)])],
    ['a seat named twice', rulesOf([seatOf('技术', ['A'], 1), seatOf('技术', ['B'], 1)])],
    ['a seat for nobody', rulesOf([seatOf('技术', ['A'], 0)])],
    ['an empty region list', rulesOf([seatOf('技术', ['A'], 1, [])])],
    ['a limit of zero', { ...good, maxPerEmployer: 0 }],
    ['half a person', rulesOf([seatOf('技术', ['A'], 1.5)])],
    ['nothing', null],
  ])('%s is refused', (_, value) => expect(() => readRules(value)).toThrow())

  const row = (c: string, disc = ['A08']): RowV2 => [c, { disc, region: '350100', emp: 'ab'.repeat(16) }]
  test.each([
    ['a repeat', [row(sha('a')), row(sha('a'))]],
    ['descending commitments', [row('ff'.repeat(32)), row('00'.repeat(32))]],
    ['unsorted codes', [row(sha('a'), ['B01', 'A08'])]],
    ['no codes', [row(sha('a'), [])]],
    ['upper-case hex', [row(sha('a').toUpperCase().replace(/^./, 'A'))]],
    ['a row of the other edition', [[sha('a'), 'A08', 'ab'.repeat(16)]]],
    ['no list', {}],
  ])('%s in the eligible list is refused', (_, rows) => expect(() => readEligible(rows, 2)).toThrow())
})
