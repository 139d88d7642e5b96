import type { OpeningPhase } from '@/db/schema/trading/opening'
import type { Flow } from '~/shared/flow'

export type OpeningEvent =
  | 'list-leaves'
  | 'enough'
  | 'too-few'
  | 'settle-keys'
  | 'read-all'
  | 'too-few-read'
  | 'end-objections'
  | 'end-confirmations'
  | 'publish-record'

/**
 * An opening (开标), from the second of the deadline to the published record. The clock moves it; nobody clicks 开标.
 * Exits: fewer than the minimum submitted (《招标投标法》28: nothing is decrypted), or fewer read where the document says stop.
 */
export const openingFlow: Flow<OpeningPhase, OpeningEvent> = {
  closing: { 'list-leaves': 'counting' },
  counting: { enough: 'releasing', 'too-few': 'aborted' },
  releasing: { 'settle-keys': 'reading' },
  reading: { 'read-all': 'objecting', 'too-few-read': 'aborted' },
  objecting: { 'end-objections': 'confirming' },
  confirming: { 'end-confirmations': 'recording' },
  recording: { 'publish-record': 'recorded' },
  recorded: {},
  aborted: {},
}

/** Phases in which the clock has nothing left to do. */
export const finalPhases = ['recorded', 'aborted'] as const satisfies OpeningPhase[]

/** The phases people see, in order; before T there is only the first. */
export const shownPhases = ['closing', 'releasing', 'reading', 'objecting', 'confirming', 'recorded'] as const
export type ShownPhase = (typeof shownPhases)[number]

const shown: Record<OpeningPhase, ShownPhase> = {
  closing: 'closing',
  counting: 'closing',
  releasing: 'releasing',
  reading: 'reading',
  objecting: 'objecting',
  confirming: 'confirming',
  recording: 'confirming',
  recorded: 'recorded',
  aborted: 'closing',
}

export const shownPhaseOf = (phase: OpeningPhase): ShownPhase => shown[phase]

export type Clocked = {
  phase: OpeningPhase
  releaseEndsAt: Date | null
  objectionEndsAt: Date | null
  confirmEndsAt: Date | null
}

/**
 * When the clock must look at this opening again; null when only somebody's act or a job moves it on: a cosignature (which
 * the clock looks for by itself), a decrypted price, or nothing any more.
 */
export function dueAt(o: Clocked, now: Date): Date | null {
  const due: Record<OpeningPhase, Date | null> = {
    closing: now,
    counting: now,
    releasing: o.releaseEndsAt,
    reading: null,
    objecting: o.objectionEndsAt,
    confirming: o.confirmEndsAt,
    recording: now,
    recorded: null,
    aborted: null,
  }
  return due[o.phase]
}
