import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id } from '@/db/columns'

/** Jobs promised by committed transactions; the relay hands them to the queue and sets `sent_at`. Payloads hold ids only. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    job: text('job').notNull(),
    payload: jsonb('payload').notNull(),
    dueAt: at('due_at').notNull(),
    sentAt: at('sent_at'),
    /** Set by the handler: what is sent but not done in time is sent again, so a wiped queue loses nothing. */
    doneAt: at('done_at'),
    attempts: integer('attempts').notNull().default(0),
  },
  table => [index('outbox_waiting').on(table.dueAt).where(sql`${table.doneAt} is null`)],
)

/** Answers of writes by Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). */
export const idempotency = pgTable(
  'idempotency',
  {
    membershipId: id('membership_id').notNull(),
    key: text('key').notNull(),
    requestHash: hash('request_hash').notNull(),
    status: integer('status'),
    body: bytes('body'),
    createdAt: at('created_at').notNull(),
  },
  table => [primaryKey({ columns: [table.membershipId, table.key] })],
)

/** The number service: human numbers are given here, gap-free per series. */
export const numberSeries = pgTable('number_series', {
  series: text('series').primaryKey(),
  last: integer('last').notNull(),
})
