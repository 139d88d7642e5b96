import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, id } from '@/db/columns'

/** One row: the latest instant this database's clock is known to have shown. A clock found behind it is wrong. */
export const clockMark = pgTable(
  'clock_mark',
  { id: integer('id').primaryKey().default(1), seenAt: at('seen_at').notNull() },
  table => [check('clock_mark_one', sql`${table.id} = 1`)],
)

/** One row: when a web process last said that it serves. Nobody can reach the platform while none does. */
export const pulse = pgTable('pulse', { id: integer('id').primaryKey().default(1), at: at('at').notNull() }, table => [
  check('pulse_one', sql`${table.id} = 1`),
])

/** A time in which no web process served (平台故障): the evidence on which times that ran through it are made longer. */
export const outage = pgTable(
  'outage',
  {
    id: id().primaryKey(),
    from: at('from').notNull(),
    to: at('to').notNull(),
    /** When every opening that ran through it had been given its time back. */
    madeGoodAt: at('made_good_at'),
  },
  table => [index('outage_open').on(table.to).where(sql`${table.madeGoodAt} is null`)],
)

/** What the operator (平台运维) must look at now: open until it is cleared, one of a kind at a time. */
export const alarm = pgTable(
  'alarm',
  {
    id: id().primaryKey(),
    kind: text('kind').notNull(),
    facts: jsonb('facts').notNull(),
    raisedAt: at('raised_at').notNull(),
    clearedAt: at('cleared_at'),
  },
  table => [
    uniqueIndex('alarm_open').on(table.kind).where(sql`${table.clearedAt} is null`),
    index('alarm_raised').on(table.raisedAt),
  ],
)
