import { sql } from 'drizzle-orm'
import { bigint, bigserial, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, fen, hash, id, state } from '@/db/columns'
import { organisation } from '@/db/schema/platform/identity'
import { lot } from './project'

export const openingPhases = [
  'closing',
  'counting',
  'releasing',
  'reading',
  'objecting',
  'confirming',
  'recording',
  'signing',
  'recorded',
  'aborted',
  'adjourned',
  'intermission',
] as const
export type OpeningPhase = (typeof openingPhases)[number]

export const releaseBases = ['cosignature', 'timestamp'] as const

/** One opening (开标) per lot and round. */
export const opening = pgTable(
  'opening',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    phase: state('phase', openingPhases).notNull(),
    /** JCS of tbid/lot.close@1, its salt and its log entry. */
    closePayload: text('close_payload'),
    closeEntryId: id('close_entry_id'),
    closeIdx: bigint('close_idx', { mode: 'number' }),
    deadlineSize: bigint('deadline_size', { mode: 'number' }),
    counted: integer('counted'),
    /** Since when keys may be released, and on what: the witness's cosignature, or the TSA token alone (crypto.md §10.8). */
    releaseOpenedAt: at('release_opened_at'),
    releaseBasis: state('release_basis', releaseBases),
    releaseEndsAt: at('release_ends_at'),
    objectionEndsAt: at('objection_ends_at'),
    confirmEndsAt: at('confirm_ends_at'),
    /** Until when the reading waits for twin files (补录) and the word on them; and since when none is taken any more. */
    twinEndsAt: at('twin_ends_at'),
    twinClosedAt: at('twin_closed_at'),
    /** JCS of the read-out as all bidders confirm it, frozen when the last bid is read or has failed; its SHA-256. */
    recordPayload: text('record_payload'),
    recordHash: hash('record_hash'),
    /** The frozen text of the first of two envelopes (双信封), once the second is opened: what the words on the first record are about. */
    firstRecordPayload: text('first_record_payload'),
    recordFileId: id('record_file_id'),
    /** Signatures on the record so far, the platform's seal being the first: raised under this row's lock, compared before it. */
    recordVersion: integer('record_version').notNull().default(0),
    signEndsAt: at('sign_ends_at'),
    /** The stage (信封) being opened, of a lot opened in two; null where one act opens everything. */
    stage: text('stage'),
    /** The bids whose second envelope may be opened; null while all may. */
    passedBidIds: id('passed_bid_ids').array(),
    /** The log entry that opens the second envelope (tbid/envelope@1): keys are given out once a cosigned checkpoint covers it. */
    envelopeEntryId: id('envelope_entry_id'),
    envelopeIdx: bigint('envelope_idx', { mode: 'number' }),
    /** While adjourned (休会): the phase it stopped in, what was left of that phase's time, and the time announced for going on; between two envelopes: the time called for the second. */
    adjournedFrom: state('adjourned_from', openingPhases),
    leftSeconds: integer('left_seconds'),
    resumesAt: at('resumes_at'),
    /** When those of the counted bidders who had signed in before the deadline were named. */
    attendedAt: at('attended_at'),
    /** Seconds by which its times were made longer for the platform's outages, and the end of the last outage it was made good for. */
    outageSeconds: integer('outage_seconds').notNull().default(0),
    outageUntil: at('outage_until'),
    /** Last seq given to an event: raised under this row's lock, so that events have no gaps. */
    eventSeq: integer('event_seq').notNull().default(0),
    /** Release messages taken so far. */
    releaseCount: integer('release_count').notNull().default(0),
    /** Why it was aborted. */
    abortReason: text('abort_reason'),
    nextCheckAt: at('next_check_at'),
    createdAt: at('created_at').notNull(),
  },
  table => [uniqueIndex('opening_round').on(table.lotId, table.round), index('opening_due').on(table.nextCheckAt)],
)

/** Release messages as they arrived, in the order in which they were taken: the parts stand in them and nowhere else. */
export const releaseMessage = pgTable(
  'release_message',
  {
    lotId: id('lot_id').notNull(),
    round: integer('round').notNull(),
    /** SHA-256 of the message's JCS: the same message twice is one message. */
    messageHash: hash('message_hash').notNull(),
    /** Its place among those of the opening, given under the opening's lock. */
    no: integer('no').notNull(),
    organisationId: id('organisation_id').notNull(),
    /** Its text in a box under the data key (crypto.md §10.12: values to server and supervisor). */
    box: bytes('box').notNull(),
    cms: bytes('cms').notNull(),
    entryId: id('entry_id').notNull(),
    /** How many of its parts were accepted, and which were not and why: the same message gets the same answer. */
    accepted: integer('accepted').notNull(),
    refused: jsonb('refused').notNull(),
    receivedAt: at('received_at').notNull(),
  },
  table => [primaryKey({ columns: [table.lotId, table.round, table.messageHash] })],
)

/** K_stage of an opened bid, in a box. Written with the read-out, many at a time: no foreign key. */
export const stageKey = pgTable(
  'stage_key',
  {
    bidId: id('bid_id').notNull(),
    stage: text('stage').notNull(),
    box: bytes('box').notNull(),
    openedAt: at('opened_at').notNull(),
  },
  table => [primaryKey({ columns: [table.bidId, table.stage] })],
)

/** One line of the read-out (唱标). */
export const readOut = pgTable('read_out', {
  /** A bid of this lot; written many at a time: no foreign key. */
  bidId: id('bid_id').primaryKey(),
  lotId: id('lot_id').notNull(),
  priceFen: fen('price_fen').notNull(),
  /** The 开标一览表 as the bidder filled it. */
  form: jsonb('form').notNull(),
  /** What the committee must look at: words that differ from figures, a price above the ceiling. */
  flags: text('flags').array().notNull().default(sql`'{}'::text[]`),
  readAt: at('read_at').notNull(),
})

/** What happens in an opening, in order, without gaps: the event stream's source. */
export const openingEvent = pgTable(
  'opening_event',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    lotId: id('lot_id').notNull(),
    seq: integer('seq').notNull(),
    kind: text('kind').notNull(),
    facts: jsonb('facts').notNull(),
    at: at('at').notNull(),
  },
  table => [uniqueIndex('opening_event_seq').on(table.lotId, table.seq)],
)

/** Commits that were refused (拒收), opened with their lot: time and reason stand in the record (《招标投标法实施条例》36). */
export const refusedCommit = pgTable(
  'refused_commit',
  {
    /** The act it came from. */
    id: id().primaryKey(),
    lotId: id('lot_id').notNull(),
    round: integer('round').notNull(),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    code: text('code').notNull(),
    sentence: text('sentence').notNull(),
    /** Network address it came from (电子招标投标办法 49). */
    address: text('address').notNull().default(''),
    at: at('at').notNull(),
  },
  table => [index('refused_commit_lot').on(table.lotId, table.round)],
)

export const confirmationAnswers = ['no-objection', 'objection', 'silent'] as const

/** A bidder's word on the opening record. */
export const openingConfirmation = pgTable(
  'opening_confirmation',
  {
    lotId: id('lot_id').notNull(),
    round: integer('round').notNull(),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    /** Of a lot opened in two envelopes (双信封) each has its own record; `main` where one act opens everything. */
    stage: text('stage').notNull().default('main'),
    answer: state('answer', confirmationAnswers).notNull(),
    text: text('text').notNull().default(''),
    /** The agency's answer to an objection (条例 44: on the spot). */
    reply: text('reply'),
    cms: bytes('cms'),
    at: at('at').notNull(),
  },
  table => [primaryKey({ columns: [table.lotId, table.round, table.stage, table.organisationId] })],
)

/** Papers (文书) made by the platform and signed: record, report, notices. */
export const paper = pgTable(
  'paper',
  {
    id: id().primaryKey(),
    lotId: id('lot_id').notNull(),
    kind: text('kind').notNull(),
    version: integer('version').notNull(),
    title: text('title').notNull(),
    fileId: id('file_id').notNull(),
    sha256: hash('sha256').notNull(),
    entryId: id('entry_id').notNull(),
    createdAt: at('created_at').notNull(),
  },
  table => [uniqueIndex('paper_version').on(table.lotId, table.kind, table.version)],
)
