import type { BidState } from '@/db/schema/trading/bid'
import type { OpeningPhase } from '@/db/schema/trading/opening'
import { type ActFacts, actSteps, type HallActs, noActs } from './hall-acts'
import type { ReadFlag } from './price-form'
import type { Failure, Fault } from './settle'
import { type HallTalk, noTalk, type TalkFacts, talkSteps } from './talk'

/** One release message as everybody is told of it: who, and how many parts; never the parts. */
export type ReleasedLine = { by: string; role: 'bidder' | 'custodian'; accepted: number; refused: number }

/** One line of the read-out (唱标). */
export type ReadLine = {
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
/** What the first envelope of a bid holds (双信封): roles of its files; prices are in the second. */
export type ContentsLine = { no: number; roles: string[] }
export type UnpackedLine = { no: number; files: number; problems: { role: string; problem: string }[] }
export type FailedLine = { no: number; state: BidState; failure: Failure; fault: Fault; article: string }

/**
 * What can happen in the opening hall, and what everybody is told of it. What happens to many bids in one transaction is one
 * event with a list. The hall as people see it is the fold of these
 * events and nothing else: whoever reads them all, live or later, sees the same.
 */
export type HallFacts = {
  /** The lot closed by the database's clock. */
  closed: { deadline: string; closedAt: string }
  counted: { counted: number }
  /** Fewer than the law's minimum (at closing or after decryption): only the number is public. */
  aborted: { counted: number; sentence: string }
  /** The list of bidders (公布投标人名单). */
  bidders: { bids: { no: number; statement: string; organisation: string; committedAt: string }[]; envelope?: 1 }
  releasable: { basis: 'cosignature' | 'timestamp'; endsAt: string; size: number }
  released: { releases: ReleasedLine[] }
  unlocked: { nos: number[] }
  read: { bids: ReadLine[] }
  contents: { bids: ContentsLine[] }
  unpacked: { bids: UnpackedLine[] }
  failed: { bids: FailedLine[] }
  reading: Record<never, never>
  objecting: { endsAt: string; recordHash: string }
  answered: { no: number; answer: 'no-objection' | 'objection' | 'silent'; text: string }
  replied: { no: number; text: string }
  confirming: { endsAt: string }
  recording: Record<never, never>
  recorded: { paperId: string; sha256: string; noticeId: string }
} & ActFacts &
  TalkFacts
export type HallKind = keyof HallFacts
export type HallEvent = { [K in HallKind]: { seq: number; at: string; kind: K; facts: HallFacts[K] } }[HallKind]

export type HallBid = {
  no: number
  statement: string
  organisation: string
  committedAt: string
  state: BidState
  /** Its bidder has released its own key. */
  hasReleased: boolean
  isUnlocked: boolean
  read: ReadLine | null
  /** What its first envelope holds. */
  contents: string[] | null
  /** Files open for the committee, and those that could not be opened. */
  files: UnpackedLine | null
  failure: Pick<FailedLine, 'failure' | 'fault' | 'article'> | null
  answer: HallFacts['answered'] | null
  reply: string | null
}

export type Hall = HallActs &
  HallTalk & {
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
  ...noActs,
  ...noTalk,
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
  hasReleased: false,
  isUnlocked: false,
  read: null,
  contents: null,
  files: null,
  failure: null,
  answer: null,
  reply: null,
})

const withBids = <L extends { no: number }>(hall: Hall, lines: L[], change: (line: L) => Partial<HallBid>): Partial<Hall> => {
  const byNo = new Map(lines.map(line => [line.no, line]))
  return {
    bids: hall.bids.map(bid => {
      const line = byNo.get(bid.no)
      return line ? { ...bid, ...change(line) } : bid
    }),
  }
}

/** Whose keys are in: custodians of the lot, and bidders of their own bid. */
const withReleases = ({ custodians, bids }: Hall, releases: ReleasedLine[]): Partial<Hall> => ({
  bids: bids.map(bid =>
    releases.some(r => r.role === 'bidder' && r.accepted > 0 && r.by === bid.organisation) ? { ...bid, hasReleased: true } : bid,
  ),
  custodians: [...new Set([...custodians, ...releases.filter(r => r.role === 'custodian').map(r => r.by)])],
})

/** Words on a record that is not frozen any more are asked for again. */
const restart = (hall: Hall, { nos, endsAt }: HallFacts['restarted']): Partial<Hall> => ({
  phase: 'releasing',
  endsAt,
  recordHash: null,
  bids: hall.bids.map(bid => {
    const asked = { ...bid, answer: null, reply: null }
    return nos.includes(bid.no) ? { ...asked, state: 'locked' as const, failure: null } : asked
  }),
})

/** A second sitting begins: keys, words and signatures are asked for anew, and only of the bids that passed. */
const openSecond = (hall: Hall, { nos, left }: HallFacts['envelope']): Partial<Hall> => ({
  phase: 'releasing',
  envelope: 2,
  calledAt: null,
  releaseBasis: null,
  endsAt: null,
  recordHash: null,
  signers: [],
  custodians: [],
  bids: hall.bids.map(bid => {
    const anew = { ...bid, hasReleased: false, isUnlocked: false, answer: null, reply: null }
    if (left.includes(bid.no)) return { ...anew, state: 'unopened' as const }
    return nos.includes(bid.no) ? { ...anew, state: 'locked' as const } : { ...anew, isUnlocked: bid.isUnlocked }
  }),
})

type Step<K extends HallKind> = (hall: Hall, facts: HallFacts[K]) => Partial<Hall>

const steps: { [K in HallKind]: Step<K> } = {
  ...actSteps,
  ...talkSteps,
  restarted: restart,
  envelope: openSecond,
  closed: (_, f) => ({ phase: 'closing', closedAt: f.closedAt }),
  counted: (_, f) => ({ phase: 'counting', counted: f.counted }),
  aborted: (_, f) => ({ phase: 'aborted', counted: f.counted, aborted: f.sentence, endsAt: null }),
  bidders: (_, f) => ({ phase: 'releasing', envelope: f.envelope ?? null, bids: f.bids.map(bidOf) }),
  releasable: (_, f) => ({ releaseBasis: f.basis, endsAt: f.endsAt }),
  released: (hall, f) => withReleases(hall, f.releases),
  unlocked: (hall, f) =>
    withBids(
      hall,
      f.nos.map(no => ({ no })),
      () => ({ isUnlocked: true }),
    ),
  read: (hall, f) => withBids(hall, f.bids, read => ({ state: 'decrypted', read })),
  contents: (hall, f) => ({ envelope: 1, ...withBids(hall, f.bids, ({ roles }) => ({ state: 'decrypted', contents: roles })) }),
  unpacked: (hall, f) => withBids(hall, f.bids, files => ({ files })),
  failed: (hall, f) => withBids(hall, f.bids, failure => ({ state: failure.state, failure })),
  reading: () => ({ phase: 'reading', endsAt: null }),
  objecting: (_, f) => ({ phase: 'objecting', endsAt: f.endsAt, recordHash: f.recordHash }),
  answered: (hall, f) => withBids(hall, [f], answer => ({ answer })),
  replied: (hall, f) => withBids(hall, [f], ({ text }) => ({ reply: text })),
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
