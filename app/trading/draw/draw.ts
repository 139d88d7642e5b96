import type { ContactState, DrawState, RepresentativeState } from '@/db/schema/trading/draw'
import type { DrawParty } from '@/db/schema/trading/expert'
import type { Flow } from '~/shared/flow'

export type DrawEvent =
  | 'review'
  | 'approve'
  | 'find-infeasible'
  | 'begin'
  | 'fix'
  | 'seat'
  | 'complete'
  | 'reopen'
  | 'void'
  | 'end'

/** A panel is drawn, and called or complete. */
export const seatedStates: DrawState[] = ['contacting', 'complete']

/** A draw of which nothing more can come: nobody is called, seated or replaced. */
export const stoppedStates: DrawState[] = ['infeasible', 'void', 'ended']

/** The life of a draw (专家抽取). The clock begins it once the bids are known to the server; nobody presses 抽取. */
export const drawFlow: Flow<DrawState, DrawEvent> = {
  requested: { review: 'reviewed', void: 'void', end: 'ended' },
  reviewed: { approve: 'approved', void: 'void', end: 'ended' },
  approved: { begin: 'committing', 'find-infeasible': 'infeasible', void: 'void', end: 'ended' },
  infeasible: {},
  committing: { fix: 'revealing', void: 'void', end: 'ended' },
  revealing: { seat: 'contacting', 'find-infeasible': 'infeasible', void: 'void', end: 'ended' },
  contacting: { complete: 'complete', void: 'void', end: 'ended' },
  complete: { reopen: 'contacting', void: 'void', end: 'ended' },
  void: {},
  ended: {},
}

/** What a contact's outcome may follow: an answer once, then only a reason to leave (EX-11). */
export const contactFlow: Flow<ContactState, 'accept' | 'refuse' | 'miss' | 'engage' | 'avoid'> = {
  invited: { accept: 'accepted', refuse: 'refused', miss: 'no-answer', engage: 'engaged', avoid: 'avoid' },
  accepted: { refuse: 'refused', engage: 'engaged', avoid: 'avoid' },
  refused: {},
  'no-answer': {},
  engaged: {},
  avoid: {},
}

/** A representative of the tenderer is told, answers, and leaves only for a reason of the law; who did not come is replaced as absent. */
export const representativeFlow: Flow<RepresentativeState, 'invite' | 'accept' | 'refuse' | 'avoid'> = {
  named: { invite: 'invited' },
  invited: { accept: 'accepted', refuse: 'refused' },
  accepted: { avoid: 'avoid' },
  refused: {},
  avoid: {},
  absent: {},
}

/** The six steps people see, in order. */
export const drawSteps = ['request', 'approve', 'commit', 'fix', 'reveal', 'contact'] as const
export type DrawStep = (typeof drawSteps)[number]

const steps: Record<DrawState, DrawStep | null> = {
  requested: 'approve',
  reviewed: 'approve',
  approved: 'commit',
  infeasible: null,
  committing: 'commit',
  revealing: 'reveal',
  contacting: 'contact',
  complete: null,
  void: null,
  ended: null,
}

/** The step a draw stands at, or null when it has ended. `isCommitted` tells waiting for V from waiting for commitments. */
export const stepOf = (state: DrawState, isCommitted: boolean): DrawStep | null =>
  state === 'committing' && isCommitted ? 'fix' : steps[state]

/** EX-06: 1 a bidder's unit, 2 the tenderer's, 3 a competent department, 4 the agency's, 9 other. */
export const avoidCodes = ['1', '2', '3', '4', '9'] as const
export type AvoidCode = (typeof avoidCodes)[number]

/** A unit to keep away from, as the agency states it (EX-06). */
export type AvoidUnit = { organisationName: string; creditCode: string | null; code: AvoidCode; reason: string }
export type SeatWish = { seat: string; disc: string[]; region: string[] | null; n: number }
export type DrawRules = { v: 2; seats: SeatWish[]; maxPerEmployer: number; alternates: number }

/** The rules as they will be committed to: one expert per employer (tender-rules 2.3), and how many in reserve. */
export const rulesOf = (seats: SeatWish[], alternates = 2): DrawRules => ({
  v: 2,
  seats: seats.map(({ seat, disc, region, n }) => ({ seat, disc: disc.toSorted(), region: region?.toSorted() ?? null, n })),
  maxPerEmployer: 1,
  alternates,
})

export const partyOrder: readonly DrawParty[] = ['agency', 'platform', 'supervisor', 'third']
