import type { BidState } from '@/db/schema/trading/bid'
import type { OpeningPhase } from '@/db/schema/trading/opening'
import type { ReadFlag } from './price-form'
import type { Failure, Fault } from './settle'

/**
 * What can happen in the opening hall, and what everybody is told of it. The hall as people see it is the fold of these
 * events and nothing else: whoever reads them all, live or later, sees the same.
 */
export type HallFacts = {
  /** The lot closed by the database's clock. */
  closed: { deadline: string; closedAt: string }
  counted: { counted: number }
  /** Fewer than the law's minimum (at closing or after decryption): only the number is public. */
  aborted: { counted: number; sentence: string }
  /** The list of bidders (公布投标人名单). */
  bidders: { bids: { no: number; statement: string; organisation: string; committedAt: string }[] }
  releasable: { basis: 'cosignature' | 'timestamp'; endsAt: string; size: number }
  released: { by: string; role: 'bidder' | 'custodian'; accepted: number; refused: number }
  unlocked: { no: number }
  read: {
    no: number
    priceFen: string
    priceWords: string
    durationDays: number
    quality: string
    manager: string
    note: string
    flags: ReadFlag[]
  }
  /** All other files of a bid are open for the committee. */
  unpacked: { no: number; files: number; problems: { role: string; problem: string }[] }
  failed: { no: number; state: BidState; failure: Failure; fault: Fault }
  reading: Record<never, never>
  objecting: { endsAt: string; recordHash: string }
  answered: { no: number; answer: 'no-objection' | 'objection' | 'silent'; text: string }
  replied: { no: number; text: string }
  confirming: { endsAt: string }
  recording: Record<never, never>
  recorded: { paperId: string; sha256: string; noticeId: string }
}
export type HallKind = keyof HallFacts
export type HallEvent = { [K in HallKind]: { seq: number; at: string; kind: K; facts: HallFacts[K] } }[HallKind]

export type HallBid = {
  no: number
  statement: string
  organisation: string
  committedAt: string
  state: BidState
  isUnlocked: boolean
  read: HallFacts['read'] | null
  /** Files open for the committee, and those that could not be opened. */
  files: HallFacts['unpacked'] | null
  failure: { failure: Failure; fault: Fault } | null
  answer: HallFacts['answered'] | null
  reply: string | null
}

export type Hall = {
  seq: number
  /** Null before T: the hall then tells only the time. */
  phase: OpeningPhase | null
  closedAt: string | null
  counted: number | null
  aborted: string | null
  releaseBasis: 'cosignature' | 'timestamp' | null
  /** End of the step under way. */
  endsAt: string | null
  recordHash: string | null
  record: HallFacts['recorded'] | null
  bids: HallBid[]
  custodians: string[]
}

export const emptyHall: Hall = {
  seq: 0,
  phase: null,
  closedAt: null,
  counted: null,
  aborted: null,
  releaseBasis: null,
  endsAt: null,
  recordHash: null,
  record: null,
  bids: [],
  custodians: [],
}

const bidOf = (bid: HallFacts['bidders']['bids'][number]): HallBid => ({
  ...bid,
  state: 'locked',
  isUnlocked: false,
  read: null,
  files: null,
  failure: null,
  answer: null,
  reply: null,
})

const withBid = (hall: Hall, no: number, change: Partial<HallBid>): Partial<Hall> => ({
  bids: hall.bids.map(bid => (bid.no === no ? { ...bid, ...change } : bid)),
})

type Step<K extends HallKind> = (hall: Hall, facts: HallFacts[K]) => Partial<Hall>

const steps: { [K in HallKind]: Step<K> } = {
  closed: (_, f) => ({ phase: 'closing', closedAt: f.closedAt }),
  counted: (_, f) => ({ phase: 'counting', counted: f.counted }),
  aborted: (_, f) => ({ phase: 'aborted', counted: f.counted, aborted: f.sentence, endsAt: null }),
  bidders: (_, f) => ({ phase: 'releasing', bids: f.bids.map(bidOf) }),
  releasable: (_, f) => ({ releaseBasis: f.basis, endsAt: f.endsAt }),
  released: (hall, f) => ({
    custodians: f.role === 'custodian' && !hall.custodians.includes(f.by) ? [...hall.custodians, f.by] : hall.custodians,
  }),
  unlocked: (hall, f) => withBid(hall, f.no, { isUnlocked: true }),
  read: (hall, f) => withBid(hall, f.no, { state: 'decrypted', read: f }),
  unpacked: (hall, f) => withBid(hall, f.no, { files: f }),
  failed: (hall, f) => withBid(hall, f.no, { state: f.state, failure: f }),
  reading: () => ({ phase: 'reading', endsAt: null }),
  objecting: (_, f) => ({ phase: 'objecting', endsAt: f.endsAt, recordHash: f.recordHash }),
  answered: (hall, f) => withBid(hall, f.no, { answer: f }),
  replied: (hall, f) => withBid(hall, f.no, { reply: f.text }),
  confirming: (_, f) => ({ phase: 'confirming', endsAt: f.endsAt }),
  recording: () => ({ phase: 'recording', endsAt: null }),
  recorded: (_, f) => ({ phase: 'recorded', record: f, endsAt: null }),
}

/** The hall after one more event. An event that was already seen changes nothing; a gap is a fault of the caller. */
export function afterEvent(hall: Hall, event: HallEvent): Hall {
  if (event.seq <= hall.seq) return hall
  const step = steps[event.kind] as Step<HallKind>
  return { ...hall, ...step(hall, event.facts as never), seq: event.seq }
}

/** The hall after these events. */
export const hallOf = (events: HallEvent[], from: Hall = emptyHall): Hall => events.reduce(afterEvent, from)
