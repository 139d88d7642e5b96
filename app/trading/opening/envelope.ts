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

/**
 * Whether a word of its bidder on this record is awaited: on that of a second envelope (双信封) only where the envelope is opened.
 * Who did not pass gave its word on the first record; it may object to the second, but its silence says nothing (decision 078).
 */
export const isAwaited = ({ passedBidIds }: { passedBidIds: string[] | null }, bidId: string): boolean =>
  passedBidIds === null || passedBidIds.includes(bidId)
