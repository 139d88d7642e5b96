import type { Case } from './case'
import { chaosFaults } from './faults'
import { chaosKills } from './kills'

/** `count` openings with kills inside them, then every other fault once. */
export async function* chaosOpening(count: number): AsyncIterable<Case> {
  yield* chaosKills(count)
  yield* chaosFaults()
}
