import type { OpeningPhase } from '@/db/schema/trading/opening'
import type { ActKind } from '@/db/schema/trading/opening-act'
import type { Cause } from '../rules/opening-acts'
import type { Adjournable } from './opening'

export const signerRoles = ['host', 'bidder', 'supervisor'] as const
export type SignerRole = (typeof signerRoles)[number]

/** A drawn parameter (下浮率, K, 公式号) as everybody saw it. */
export type Drawn = { code: string; name: string; values: string[]; index: number; value: string }

/** What people do to an opening, beside what the clock does: told to everybody like the rest. */
export type ActFacts = {
  /** Of those whose bids count, who had signed in before the deadline. */
  attended: { bids: { no: number; at: string }[] }
  /** Somebody signed in after the deadline; `no` of a bidder. */
  present: { no: number | null; organisation: string; role: string }
  parameter: { drawn: Drawn[]; seed: string }
  sealed: { endsAt: string; sha256: string; signers: { organisation: string; role: SignerRole }[] }
  signed: { organisation: string; role: SignerRole; form: 'pdf' | 'detached'; version: number }
  proposed: { act: ActKind; cause: Cause; reason: string; by: string }
  decided: { act: ActKind; approved: boolean; decision: string; by: string }
  adjourned: { from: OpeningPhase; cause: Cause; reason: string; by: string; resumesAt: string | null }
  resumed: { phase: Adjournable; endsAt: string | null; reason: string; by: string }
  extended: { endsAt: string; seconds: number; cause: Cause; reason: string }
  restarted: { nos: number[]; cause: Cause; reason: string; endsAt: string }
  /** A bidder handed in the plaintext whose hash it had committed. */
  twin: { no: number; files: { role: string; size: number }[] }
  /** What was handed in is not what was committed. */
  'twin-refused': { no: number; by: string; role: string }
  /** The reading waits: for twins that may still come, and for the word on those that came. */
  'twins-awaited': { handed: number[]; awaited: number[]; endsAt: string }
  'twins-admitted': { nos: number[] }
  'twins-lapsed': { nos: number[] }
  /** The first envelope's record is published; these bids' is with the committee. */
  /** The platform could not be reached; the time under way is longer by what that took of it. */
  outage: { from: string; to: string; seconds: number; endsAt: string }
  intermission: { nos: number[]; paperId: string; sha256: string; noticeId: string }
  /** The second envelope will be opened at this time. */
  scheduled: { at: string; by: string; reason: string }
  /** The second envelope is opened, of these bids. */
  envelope: { nos: number[]; left: number[] }
  destroyed: { files: number }
}
export type ActHallKind = keyof ActFacts

/** What the acts leave in the hall as people see it. */
export type HallActs = {
  adjourned: ActFacts['adjourned'] | null
  proposal: ActFacts['proposed'] | null
  parameters: Drawn[] | null
  signers: { organisation: string; role: SignerRole; hasSigned: boolean }[]
  attended: ActFacts['attended']['bids']
  /** Of a lot opened in two envelopes (双信封) the one whose turn it is; null where everything is opened at once. */
  envelope: 1 | 2 | null
  /** The published record of the first envelope. */
  firstRecord: ActFacts['intermission'] | null
  /** When the second envelope will be opened, once it is called. */
  calledAt: string | null
  /** Who signed in after the deadline. */
  present: ActFacts['present'][]
  /** Bids whose twin files wait for the word on them. */
  twins: number[]
}

export const noActs: HallActs = {
  adjourned: null,
  proposal: null,
  parameters: null,
  signers: [],
  envelope: null,
  firstRecord: null,
  calledAt: null,
  attended: [],
  present: [],
  twins: [],
}

type Now = HallActs & { phase: OpeningPhase | null; endsAt: string | null }
type Step<K extends ActHallKind> = (hall: Now, facts: ActFacts[K]) => Partial<Now>

/** The fold of the acts; what a restart and a second envelope take off the bids stands with them in hall.ts. */
export const actSteps: { [K in Exclude<ActHallKind, 'restarted' | 'envelope'>]: Step<K> } = {
  attended: (_, f) => ({ attended: f.bids }),
  present: (hall, f) => ({ present: [...hall.present, f] }),
  parameter: (_, f) => ({ parameters: f.drawn }),
  sealed: (_, f) => ({ phase: 'signing', endsAt: f.endsAt, signers: f.signers.map(s => ({ ...s, hasSigned: false })) }),
  signed: (hall, f) => ({
    signers: hall.signers.some(s => isSame(s, f))
      ? hall.signers.map(s => (isSame(s, f) ? { ...s, organisation: f.organisation, hasSigned: true } : s))
      : [...hall.signers, { organisation: f.organisation, role: f.role, hasSigned: true }],
  }),
  proposed: (_, f) => ({ proposal: f }),
  decided: () => ({ proposal: null }),
  // A time called for the second envelope is off with it.
  adjourned: (_, f) => ({ phase: 'adjourned', endsAt: null, calledAt: null, adjourned: f }),
  resumed: (_, f) => ({ phase: f.phase, endsAt: f.endsAt, adjourned: null }),
  extended: (_, f) => ({ endsAt: f.endsAt }),
  twin: (hall, f) => ({ twins: [...new Set([...hall.twins, f.no])] }),
  'twin-refused': () => ({}),
  'twins-awaited': (_, f) => ({ endsAt: f.endsAt }),
  'twins-admitted': (hall, f) => ({ twins: hall.twins.filter(no => !f.nos.includes(no)) }),
  'twins-lapsed': (hall, f) => ({ twins: hall.twins.filter(no => !f.nos.includes(no)) }),
  outage: (_, f) => ({ endsAt: f.endsAt }),
  intermission: (_, f) => ({ phase: 'intermission', endsAt: null, firstRecord: f }),
  scheduled: (_, f) => ({ calledAt: f.at }),
  destroyed: () => ({}),
}

/** Of supervisors anybody of the region may sign, so that the place is not yet anybody's. */
const isSame = (place: { organisation: string; role: SignerRole }, by: { organisation: string; role: SignerRole }) =>
  place.role === by.role && (place.role === 'supervisor' || place.organisation === by.organisation)
