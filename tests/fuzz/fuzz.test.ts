import { expect, test } from 'vitest'
import { acceptsSamples, fuzz, heapMiB, mostGrowthMiB } from './run'
import { targets } from './targets'

const cases = 200_000
const seed = 20_261_124
const shares = targets.reduce((sum, target) => sum + target.share, 0)

for (const target of targets) {
  test(`${target.name}: valid input is read, damaged input is refused by name, quickly, and nothing of it is kept`, async () => {
    await acceptsSamples(target)
    const before = heapMiB()
    const outcome = await fuzz(target, Math.ceil((cases * target.share) / shares), seed)
    expect(outcome.faults).toEqual([])
    expect(outcome.cases).toBeGreaterThan(0)
    expect(heapMiB() - before).toBeLessThan(mostGrowthMiB)
  })
}
