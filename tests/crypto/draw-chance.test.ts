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

/** Pearson's statistic over how often each person of a stratum was seated. */
function chiSquare(counts: number[], total: number): number {
  const expected = total / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

test('over 100,000 draws everyone of a stratum is seated equally often', () => {
  const people = ['A08', 'B01'].flatMap(stratum =>
    Array.from({ length: 8 }, (_, at) => personAt(stratum, at, `${stratum} ${at}`)),
  )
  const rules: RulesV2 = {
    v: 2,
    seats: [
      { seat: '技术', disc: ['A08'], region: null, n: 2 },
      { seat: '经济', disc: ['B01'], region: null, n: 1 },
    ],
    maxPerEmployer: 1,
    alternates: 0,
  }
  const seated = new Map(people.map(person => [person.c, 0]))
  for (let at = 0; at < draws; at++) {
    const seed = createHash('sha256').update(`draw ${at}`).digest()
    for (const { c } of seatRanking(rules, rank(seed, people, 0), 0)!.seated) seated.set(c, seated.get(c)! + 1)
  }
  const counts = [...seated.values()]
  // 7 degrees of freedom: 24.3 is the 99.9 % limit. Two of eight without repetition varies less than two free picks, which only lowers it.
  expect(chiSquare(counts.slice(0, 8), 2 * draws)).toBeLessThan(24.3)
  expect(chiSquare(counts.slice(8), draws)).toBeLessThan(24.3)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3 * draws)
}, 60_000)
