import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { rank } from '@/crypto/draw'
import { type Candidate, type RulesV2, seatRanking } from '@/crypto/draw-rules'

// 100,000 simulated draws per stratum; seeds are SHA-256 of a counter, so the test is the same every time it runs.
const draws = 100_000
const personAt = (stratum: string, at: number, emp: string): Candidate => ({
  c: createHash('sha256').update(`${stratum} ${at}`).digest('hex'),
  disc: [stratum],
  region: '350100',
  emp: createHash('sha256').update(emp).digest('hex').slice(0, 32),
})

/** The 99 % limit of chi-square with 7 degrees of freedom: every stratum has eight people. */
const limit = 18.475

/**
 * Pearson's statistic over how often each person of a stratum was seated. Picking `picked` of a stratum without repetition spreads the counts
 * less than free picks by (N − picked) / (N − 1); dividing by it makes the statistic chi-square again.
 */
function chiSquare(counts: number[], picked: number): number {
  const expected = (draws * picked) / counts.length
  const raw = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return (raw * (counts.length - 1)) / (counts.length - picked)
}

const rules: RulesV2 = {
  v: 2,
  seats: [
    { seat: '技术', disc: ['A08'], region: null, n: 2 },
    { seat: '经济', disc: ['B01'], region: null, n: 1 },
    { seat: '本地', disc: ['C01'], region: ['350100'], n: 3 },
  ],
  maxPerEmployer: 1,
  alternates: 0,
}

test('over 100,000 draws everyone of a stratum is seated equally often, inside the 99 % limit', () => {
  const strata = ['A08', 'B01', 'C01']
  const people = strata.flatMap(stratum => Array.from({ length: 8 }, (_, at) => personAt(stratum, at, `${stratum} ${at}`)))
  const seated = new Map(people.map(person => [person.c, 0]))
  for (let at = 0; at < draws; at++) {
    const seed = createHash('sha256').update(`draw ${at}`).digest()
    for (const { c } of seatRanking(rules, rank(seed, people, 0), 0)!.seated) seated.set(c, seated.get(c)! + 1)
  }
  const counts = [...seated.values()]
  const statistics = rules.seats.map(({ n }, at) => chiSquare(counts.slice(8 * at, 8 * at + 8), n))
  expect(statistics.filter(statistic => statistic >= limit)).toEqual([])
  // A statistic near zero would be as suspicious: it never spreads as chance does. 0.5 % of honest runs fall below 0.989.
  expect(statistics.filter(statistic => statistic < 0.989)).toEqual([])
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6 * draws)
}, 60_000)

test('a draw that favours one of eight people by four in a hundred is found out, by half of one is not', () => {
  const favouring = (count: number) => [count, ...Array(7).fill((draws - count) / 7)]
  expect(chiSquare(favouring(13_000), 1)).toBeGreaterThan(limit)
  expect(chiSquare(favouring(12_560), 1)).toBeLessThan(limit)
})
