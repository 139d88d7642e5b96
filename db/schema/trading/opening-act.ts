import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id, state } from '@/db/columns'
import { organisation, person } from '@/db/schema/platform/identity'
import { lot } from './project'

/** What people may do to an opening under the tender document's remedies (《电子招标投标办法》31), besides what the clock does. */
export const actKinds = ['adjourn', 'resume', 'abort', 'extend', 'restart', 'twin', 'second-envelope', 'destroy'] as const
export type ActKind = (typeof actKinds)[number]
export const actStates = ['proposed', 'done', 'declined'] as const

/** Supervised acts: who proposed what and why, who approved it. Rows are never changed once decided. */
export const openingAct = pgTable(
  'opening_act',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    kind: state('kind', actKinds).notNull(),
    state: state('state', actStates).notNull(),
    /** Why, by a code of `causes` and in words. */
    cause: text('cause').notNull(),
    reason: text('reason').notNull(),
    /** What exactly: seconds, time, bids. */
    facts: jsonb('facts').notNull(),
    proposedBy: id('proposed_by')
      .notNull()
      .references(() => person.id),
    proposedFor: id('proposed_for')
      .notNull()
      .references(() => organisation.id),
    proposedAt: at('proposed_at').notNull(),
    decidedBy: id('decided_by').references(() => person.id),
    decidedAt: at('decided_at'),
    decision: text('decision'),
  },
  table => [
    index('opening_act_lot').on(table.lotId, table.round),
    // One proposal of a kind waits at a time.
    uniqueIndex('opening_act_open').on(table.lotId, table.round, table.kind).where(sql`${table.state} = 'proposed'`),
  ],
)

export const twinStates = ['handed', 'admitted', 'declined', 'lapsed'] as const
export type TwinState = (typeof twinStates)[number]

/** Twin files (补录) of one stage of a bid that could not be opened: plaintext whose committed hashes were found to fit. */
export const bidTwin = pgTable(
  'bid_twin',
  {
    bidId: id('bid_id').notNull(),
    stage: text('stage').notNull(),
    lotId: id('lot_id').notNull(),
    round: integer('round').notNull(),
    state: state('state', twinStates).notNull(),
    /** In a box: of each file where its bytes lie, its name and the salt of its commitment. */
    box: bytes('box').notNull(),
    handedBy: id('handed_by')
      .notNull()
      .references(() => person.id),
    handedAt: at('handed_at').notNull(),
    decidedAt: at('decided_at'),
  },
  table => [primaryKey({ columns: [table.bidId, table.stage] }), index('bid_twin_lot').on(table.lotId, table.round)],
)

/** Parameters drawn at the opening (下浮率, K, 公式号): once for each lot and round, never again. */
export const openingParameter = pgTable(
  'opening_parameter',
  {
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    /** JCS of tbid/parameter@1: everything needed to compute the draw again. */
    transcript: text('transcript').notNull(),
    entryId: id('entry_id').notNull(),
    drawnAt: at('drawn_at').notNull(),
  },
  table => [primaryKey({ columns: [table.lotId, table.round] })],
)

/** Room for one more signature, appended to a version of the record: its signer signs the digest of all but the room. */
export const recordRoom = pgTable(
  'record_room',
  {
    id: id().primaryKey(),
    lotId: id('lot_id').notNull(),
    round: integer('round').notNull(),
    /** The version it was appended to. */
    version: integer('version').notNull(),
    organisationId: id('organisation_id').notNull(),
    personId: id('person_id').notNull(),
    fileId: id('file_id').notNull(),
    /** The record it was appended to: what an SM2 signature, which stays beside it, is over. */
    baseFileId: id('base_file_id').notNull(),
    digest: hash('digest').notNull(),
    createdAt: at('created_at').notNull(),
  },
  table => [index('record_room_lot').on(table.lotId, table.round)],
)

/** Signatures on the opening record: inside the PDF, or beside it where readers of PDF do not know the algorithm (SM2). */
export const recordSignature = pgTable(
  'record_signature',
  {
    id: id().primaryKey(),
    lotId: id('lot_id').notNull(),
    round: integer('round').notNull(),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    personId: id('person_id')
      .notNull()
      .references(() => person.id),
    role: text('role').notNull(),
    /** Which record, of a lot opened in two envelopes (双信封); `main` where there is one. */
    stage: text('stage').notNull().default('main'),
    form: state('form', ['pdf', 'detached']).notNull(),
    /** The file after it, or, beside the PDF, the file it is over, which is the beginning of every later one. */
    version: integer('version').notNull(),
    fileId: id('file_id').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    fingerprint: hash('fingerprint').notNull(),
    cms: bytes('cms').notNull(),
    at: at('at').notNull(),
  },
  table => [uniqueIndex('record_signature_once').on(table.lotId, table.round, table.stage, table.organisationId)],
)

/**
 * Who signed in (签到). Until the lot has closed, `box` alone knows lot and organisation (crypto.md §10.2) and `ownerTag` finds
 * it again; then the boxes of those whose bids count are opened into the other columns.
 */
export const attendance = pgTable(
  'attendance',
  {
    id: id().primaryKey(),
    ownerTag: bytes('owner_tag').notNull().unique(),
    box: bytes('box').notNull(),
    lotId: id('lot_id'),
    round: integer('round'),
    organisationId: id('organisation_id'),
    personId: id('person_id'),
    role: text('role'),
    at: at('at'),
    openedAt: at('opened_at'),
  },
  table => [
    index('attendance_lot').on(table.lotId, table.round),
    index('attendance_sealed').on(table.id).where(sql`${table.openedAt} is null`),
  ],
)
