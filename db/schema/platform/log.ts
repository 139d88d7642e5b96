import { sql } from 'drizzle-orm'
import { bigint, bigserial, boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at, bytes, id } from '@/db/columns'

const index64 = (name: string) => bigint(name, { mode: 'number' })

/** Entries written by business transactions, waiting for a place in the log (crypto.md §5). Emptied by the sequencer. */
export const logPending = pgTable('log_pending', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  entryId: id('entry_id').notNull(),
  leaf: bytes('leaf').notNull(),
  box: bytes('box').notNull(),
  /** Null for acts on bids before opening (crypto.md §10.3): no timeline lists them. */
  lotId: id('lot_id'),
  action: text('action'),
})

/** The tree's leaves: index and hash, nothing else, append-only. */
export const logLeaf = pgTable('log_leaf', {
  idx: index64('idx').primaryKey(),
  leaf: bytes('leaf').notNull(),
})

/** Hashes of complete subtrees (RFC 9162 §2.1): level 1 covers two leaves. */
export const logNode = pgTable(
  'log_node',
  {
    level: integer('level').notNull(),
    idx: index64('idx').notNull(),
    hash: bytes('hash').notNull(),
  },
  table => [primaryKey({ columns: [table.level, table.idx] })],
)

/** What a leaf says: salt and payload, encrypted under the data key; may be erased while proofs keep holding. */
export const logPayload = pgTable(
  'log_payload',
  {
    idx: index64('idx').primaryKey(),
    entryId: id('entry_id').notNull().unique(),
    box: bytes('box'),
    lotId: id('lot_id'),
    action: text('action'),
  },
  table => [index('log_payload_lot').on(table.lotId, table.idx)],
)

export const logCheckpoint = pgTable(
  'log_checkpoint',
  {
    size: index64('size').primaryKey(),
    root: bytes('root').notNull(),
    /** The log-signed note (C2SP tlog-checkpoint), without cosignatures. */
    note: text('note').notNull(),
    isPublic: boolean('is_public').notNull().default(false),
    signedAt: at('signed_at').notNull(),
    tsaToken: bytes('tsa_token'),
    /** The witness's cosignature line, from — to the end of its base64. */
    cosignature: text('cosignature'),
    cosignedAt: at('cosigned_at'),
  },
  table => [index('log_checkpoint_public').on(table.size).where(sql`${table.isPublic}`)],
)
