import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, id } from '@/db/columns'

/** One row: the latest instant this database's clock is known to have shown. A clock found behind it is wrong. */
export const clockMark = pgTable(
  'clock_mark',
  { id: integer('id').primaryKey().default(1), seenAt: at('seen_at').notNull() },
  table => [check('clock_mark_one', sql`${table.id} = 1`)],
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
