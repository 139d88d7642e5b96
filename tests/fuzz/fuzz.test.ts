import { expect, test } from 'vitest'
import { acceptsSamples, fuzz } from './run'
import { targets } from './targets'

const cases = 200_000
const seed = 20_261_124
const shares = targets.reduce((sum, target) => sum + target.share, 0)

for (const target of targets) {
  test(`${target.name}: valid input is read, damaged input is refused by name, quickly`, async () => {
    await acceptsSamples(target)
    const outcome = await fuzz(target, Math.ceil((cases * target.share) / shares), seed)
    expect(outcome.faults).toEqual([])
    expect(outcome.cases).toBeGreaterThan(0)
  })
}
