import type { LotState } from '@/db/schema/trading/project'
import type { Flow } from '~/shared/flow'

export type LotEvent =
  | 'name-custodians'
  | 'complete-policy'
  | 'publish'
  | 'close'
  | 'open'
  | 'record'
  | 'evaluate'
  | 'report'
  | 'publicise'
  | 'award'
  | 'archive'
  | 'fail'
  | 'terminate'

/** The life of a lot (标段). Nobody opens it by hand: `close`, `open` and `fail` after closing are the clock's. */
export const lotFlow: Flow<LotState, LotEvent> = {
  draft: { 'name-custodians': 'keying', terminate: 'terminated' },
  keying: { 'name-custodians': 'keying', 'complete-policy': 'ready', terminate: 'terminated' },
  ready: { publish: 'bidding', terminate: 'terminated' },
  bidding: { close: 'closed', terminate: 'terminated' },
  closed: { open: 'opening', fail: 'failed', terminate: 'terminated' },
  opening: { record: 'opened', fail: 'failed', terminate: 'terminated' },
  opened: { evaluate: 'evaluating', fail: 'failed', terminate: 'terminated' },
  evaluating: { report: 'evaluated', fail: 'failed', terminate: 'terminated' },
  evaluated: { publicise: 'publicity', fail: 'failed', terminate: 'terminated' },
  publicity: { award: 'awarded', fail: 'failed', terminate: 'terminated' },
  awarded: { archive: 'archived' },
  failed: { archive: 'archived' },
  terminated: { archive: 'archived' },
  archived: {},
}

/** Whether a commit may arrive: the state says so and the deadline has not come; the guard in SQL decides (crypto.md §10.1). */
export function isBiddingOpen(lot: { state: LotState; biddingEndsAt: Date | null }, now: Date): boolean {
  return lot.state === 'bidding' && lot.biddingEndsAt !== null && now < lot.biddingEndsAt
}

/** Whether anything about the lot stands on the portal: it has been announced. */
export const isAnnounced = (state: LotState) => !['draft', 'keying', 'ready'].includes(state)

/** The phases people see, in order; several states share one. */
export const lotPhases = ['prepare', 'bidding', 'opening', 'evaluation', 'award', 'archive'] as const
export type LotPhase = (typeof lotPhases)[number]

const phases: Record<LotState, LotPhase> = {
  draft: 'prepare',
  keying: 'prepare',
  ready: 'prepare',
  bidding: 'bidding',
  closed: 'opening',
  opening: 'opening',
  opened: 'evaluation',
  evaluating: 'evaluation',
  evaluated: 'award',
  publicity: 'award',
  awarded: 'archive',
  archived: 'archive',
  failed: 'archive',
  terminated: 'archive',
}

export const phaseOf = (state: LotState): LotPhase => phases[state]
