import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id, state } from '@/db/columns'
import { organisation } from '@/db/schema/platform/identity'
import { lot } from './project'

/**
 * Acts on bids before opening (递交, 替换, 撤回, 拒收): crypto.md §10.2.
 * `box` holds lot, organisation and act under the data key; no column links a lot to anybody.
 */
export const bidAct = pgTable(
  'bid_act',
  {
    id: id().primaryKey(),
    /** HMAC(lot ‖ organisation ‖ kind ‖ seq): its owner's request finds it, a dump does not. Unique: two at once cannot both count. */
    ownerTag: bytes('owner_tag').notNull().unique(),
    box: bytes('box').notNull(),
    /** Set when its lot has closed and its box was opened. */
    openedAt: at('opened_at'),
    /** The time-stamp over the statement's signature (CAdES-T) in a box; null until the TSA has answered. Acts that need none have an empty box. */
    stamp: bytes('stamp'),
  },
  table => [
    index('bid_act_sealed').on(table.id).where(sql`${table.openedAt} is null`),
    index('bid_act_unstamped').on(table.id).where(sql`${table.stamp} is null`),
  ],
)

/** A sealed file on its way in (tus); named by a random id, tied to nobody in clear. */
export const upload = pgTable(
  'upload',
  {
    id: id().primaryKey(),
    ownerTag: bytes('owner_tag').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** RFC 9162 root over 1 MiB slices, computed by the server from the bytes it holds. */
    rootSha256: hash('root_sha256'),
    rootSm3: hash('root_sm3'),
    completedAt: at('completed_at'),
    createdAt: at('created_at').notNull(),
    /** Given up by its owner or by age: from now on no commit may name it; its bytes go a while later. */
    discardedAt: at('discarded_at'),
    /** When a commit was found that names it: it is never given up. */
    keptAt: at('kept_at'),
  },
  table => [
    index('upload_unjudged').on(table.createdAt).where(sql`${table.discardedAt} is null and ${table.keptAt} is null`),
    index('upload_discarded').on(table.discardedAt).where(sql`${table.discardedAt} is not null`),
  ],
)

export const bidStates = [
  'locked',
  'replaced',
  'withdrawn-before',
  'decrypted',
  'revoked',
  'withdrawn',
  'refused',
  /** Its second envelope (双信封) stays sealed for good: it did not pass the first. */
  'unopened',
] as const
export type BidState = (typeof bidStates)[number]

/** A bid after closing: one row per statement that reached its lot in time. */
export const bid = pgTable(
  'bid',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    seq: integer('seq').notNull(),
    state: state('state', bidStates).notNull(),
    /** JCS of tbid/submit@1, its SHA-256 and its CMS. */
    statement: text('statement').notNull(),
    statementHash: hash('statement_hash').notNull().unique(),
    cms: bytes('cms').notNull(),
    leafIdx: bigint('leaf_idx', { mode: 'number' }).notNull(),
    /** JSON of what the commit learnt from its heads (KeptStage[]): where its bytes lie and what opening them needs. */
    stages: text('stages').notNull().default('[]'),
    committedAt: at('committed_at').notNull(),
    /** Why the bid was revoked (撤销), withdrawn (撤回) or refused: fault party and facts. */
    faultParty: text('fault_party'),
    reason: text('reason'),
    /** What the review of the first envelope (双信封) came to; null before, and where everything is opened at once. */
    firstEnvelope: state('first_envelope', ['passed', 'rejected']),
  },
  table => [
    uniqueIndex('bid_seq').on(table.lotId, table.round, table.organisationId, table.seq),
    check('bid_fault', sql`${table.state} not in ('revoked', 'withdrawn', 'refused') or ${table.reason} is not null`),
  ],
)

/** Files named by a bid's statement. */
export const bidFile = pgTable(
  'bid_file',
  {
    id: id().primaryKey(),
    /** A bid. No foreign key: rows are written with it, many at a time at the deadline, and never removed. */
    bidId: id('bid_id').notNull(),
    fileId: text('file_id').notNull(),
    role: text('role').notNull(),
    stage: text('stage').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    root: hash('root').notNull(),
    uploadId: id('upload_id').notNull(),
    /** The opened content, once decrypted. */
    plainFileId: id('plain_file_id'),
    /** Why it could not be opened, for the committee. */
    problem: text('problem'),
    /** When every file of the bid was open or known to be damaged. */
    unpackedAt: at('unpacked_at'),
  },
  table => [uniqueIndex('bid_file_role').on(table.bidId, table.role)],
)
