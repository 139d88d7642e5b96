import type { KeptStage } from '../bid/kept-stage.server'
import { firstStageOf } from '../custody/policy'

type Staged = { stage: string | null }

/** The stage of the sitting under way, as its words and signatures are kept by it. */
export const sittingOf = ({ stage }: Staged): string => stage ?? 'main'

/** Roles of what a bid has in the first of two envelopes (双信封); `stages`: KeptStage[] as JSON. */
export const rolesIn = (stages: string): string[] =>
  (JSON.parse(stages) as KeptStage[]).find(one => one.stage === firstStageOf(2))?.files.map(file => file.role) ?? []

/** Which of two envelopes (双信封) it is; null where one act opens everything. */
export function envelopeOf({ stage }: Staged): 1 | 2 | null {
  if (stage === null) return null
  return stage === firstStageOf(2) ? 1 : 2
}
