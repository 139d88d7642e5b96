// The short form of `npm run chaos -- opening`: three openings while web, worker and database are killed inside them.
import { expect, test } from 'vitest'
import type { Case } from '../chaos/case'
import { chaosKills } from '../chaos/kills'

test('openings with kills inside them end right: nothing early, nothing lost, nothing twice', async () => {
  const cases: Case[] = []
  for await (const one of chaosKills(3)) cases.push(one)
  expect(cases.map(one => one.problems)).toEqual([[], [], []])
  expect(cases.flatMap(one => one.kills).length).toBeGreaterThan(0)
}, 300_000)
