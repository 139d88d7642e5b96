import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
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
    /** Smaller goes first; the catalogue's, kept so that the relay need not know the catalogue. */
    priority: smallint('priority').notNull().default(5),
    /** Times it was handed to the queue: each sending is a job of its own there. */
    sends: integer('sends').notNull().default(0),
    /** Times a worker began it: a job that kills its worker is counted too. */
    attempts: integer('attempts').notNull().default(0),
    /** A worker has it until then, and renews while it works: nobody else begins it. */
    leaseUntil: at('lease_until'),
    /** Given up (dead letter): waits for the operator. */
    failedAt: at('failed_at'),
    /** What went wrong last: the fault's kind, never its text, which could name people. */
    problem: text('problem'),
  },
  table => [
    index('outbox_waiting').on(table.dueAt).where(sql`${table.doneAt} is null`),
    index('outbox_order').on(table.priority, table.id).where(sql`${table.doneAt} is null and ${table.failedAt} is null`),
    index('outbox_dead').on(table.failedAt).where(sql`${table.doneAt} is null and ${table.failedAt} is not null`),
  ],
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
