import type { OpeningPhase } from '@/db/schema/trading/opening'
import type { Flow } from '~/shared/flow'

/** Before T there is no row yet: the clock alone says whether one may sign in (签到). */
export type OpeningState = 'scheduled' | 'sign-in' | OpeningPhase

/** Phases that can be stopped and gone on with (休会 and 复会). */
export const adjournable = [
  'releasing',
  'reading',
  'objecting',
  'confirming',
  'signing',
  'intermission',
] as const satisfies OpeningPhase[]
export type Adjournable = (typeof adjournable)[number]

export type OpeningEvent =
  | 'begin-sign-in'
  | 'close'
  | 'list-leaves'
  | 'enough'
  | 'too-few'
  | 'settle-keys'
  | 'read-all'
  | 'publish-envelope'
  | 'open-envelope'
  | 'none-passed'
  | 'too-few-read'
  | 'end-objections'
  | 'end-confirmations'
  | 'seal-record'
  | 'publish-record'
  | 'restart'
  | 'adjourn'
  | 'abort'
  | `resume-${Adjournable}`

/**
 * An opening (开标), from its announcement to the published record, which hands the lot to evaluation. The clock moves it;
 * nobody clicks 开标. Exits: fewer than the minimum submitted (《招标投标法》28: nothing is decrypted), fewer read where the
 * document says stop, aborted or adjourned as a supervised act. A lot opened in two envelopes (双信封) goes through it twice,
 * first for all but the prices; in `intermission` the committee reviews that, and a supervised act opens the second.
 */
export const openingFlow: Flow<OpeningPhase, OpeningEvent> = {
  closing: { 'list-leaves': 'counting', abort: 'aborted' },
  counting: { enough: 'releasing', 'too-few': 'aborted', abort: 'aborted' },
  releasing: { 'settle-keys': 'reading', adjourn: 'adjourned', abort: 'aborted' },
  reading: {
    'read-all': 'objecting',
    'too-few-read': 'aborted',
    restart: 'releasing',
    adjourn: 'adjourned',
    abort: 'aborted',
  },
  intermission: { 'open-envelope': 'releasing', 'none-passed': 'aborted', adjourn: 'adjourned', abort: 'aborted' },
  objecting: { 'end-objections': 'confirming', restart: 'releasing', adjourn: 'adjourned', abort: 'aborted' },
  confirming: { 'end-confirmations': 'recording', restart: 'releasing', adjourn: 'adjourned', abort: 'aborted' },
  recording: { 'seal-record': 'signing', abort: 'aborted' },
  signing: { 'publish-record': 'recorded', 'publish-envelope': 'intermission', adjourn: 'adjourned', abort: 'aborted' },
  recorded: {},
  aborted: {},
  adjourned: {
    'resume-releasing': 'releasing',
    'resume-reading': 'reading',
    'resume-objecting': 'objecting',
    'resume-confirming': 'confirming',
    'resume-signing': 'signing',
    'resume-intermission': 'intermission',
    abort: 'aborted',
  },
}

/** The same with what comes before T, where the clock's reading is the state and no row says so. */
export const wholeFlow: Flow<OpeningState, OpeningEvent> = {
  scheduled: { 'begin-sign-in': 'sign-in', close: 'closing' },
  'sign-in': { close: 'closing' },
  ...openingFlow,
}

/** Phases in which the clock has nothing left to do. */
export const finalPhases = ['recorded', 'aborted'] as const satisfies OpeningPhase[]

/** Where an opening stands before its lot has closed: sign-in begins so many seconds before T. */
export function stateBefore(biddingEndsAt: Date | null, signInSeconds: number, now: Date): 'scheduled' | 'sign-in' {
  const isOpen = biddingEndsAt !== null && now.getTime() >= biddingEndsAt.getTime() - signInSeconds * 1_000
  return isOpen ? 'sign-in' : 'scheduled'
}

/** The phases people see, in order; before T there is only the first. */
export const shownPhases = ['closing', 'releasing', 'reading', 'objecting', 'confirming', 'signing', 'recorded'] as const
export type ShownPhase = (typeof shownPhases)[number]

const shown: Record<OpeningPhase, ShownPhase> = {
  closing: 'closing',
  counting: 'closing',
  releasing: 'releasing',
  reading: 'reading',
  intermission: 'recorded',
  objecting: 'objecting',
  confirming: 'confirming',
  recording: 'confirming',
  signing: 'signing',
  recorded: 'recorded',
  aborted: 'closing',
  adjourned: 'releasing',
}

export const shownPhaseOf = (phase: OpeningPhase): ShownPhase => shown[phase]

export type Clocked = {
  phase: OpeningPhase
  releaseEndsAt: Date | null
  twinEndsAt: Date | null
  objectionEndsAt: Date | null
  confirmEndsAt: Date | null
  signEndsAt: Date | null
  resumesAt: Date | null
}

/** Where the end of a phase's time stands. */
export const endColumn = {
  releasing: 'releaseEndsAt',
  reading: 'twinEndsAt',
  objecting: 'objectionEndsAt',
  confirming: 'confirmEndsAt',
  signing: 'signEndsAt',
} as const

/** A phase with a time of its own. */
export type TimedPhase = keyof typeof endColumn

export const isTimedPhase = (phase: OpeningPhase): phase is TimedPhase => phase in endColumn

/** End of the time under way in a phase, or null where a phase has none. */
export function endOf(phase: OpeningPhase, o: Omit<Clocked, 'phase'>): Date | null {
  // The time called for the second envelope, once it is called.
  if (phase === 'intermission') return o.resumesAt
  return isTimedPhase(phase) ? o[endColumn[phase]] : null
}

/**
 * When the clock must look at this opening again; null when only somebody's act or a job moves it on: a cosignature (which
 * the clock looks for by itself), a decrypted price, a resumption, or nothing any more.
 */
export function dueAt(o: Clocked, now: Date): Date | null {
  const isAtOnce = o.phase === 'closing' || o.phase === 'counting' || o.phase === 'recording'
  return isAtOnce ? now : endOf(o.phase, o)
}
