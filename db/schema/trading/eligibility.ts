import { integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, day, id } from '@/db/columns'
import { lot } from './project'

/** That a lot takes bids only from those who passed prequalification (资格预审), and how many lists have said who. */
export const prequalification = pgTable(
  'prequalification',
  {
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    publishedAt: at('published_at').notNull(),
  },
  table => [uniqueIndex('prequalification_lot').on(table.lotId, table.round)],
)

/** One who passed, known by a tag alone: no row links an organisation to a lot before opening (crypto.md §10.2). */
export const prequalified = pgTable('prequalified', {
  id: id().primaryKey(),
  ownerTag: bytes('owner_tag').notNull().unique(),
})

/** An organisation that may not bid for a time (失信被执行人, 政府采购严重违法失信行为记录名单). */
export const debarment = pgTable('debarment', {
  id: id().primaryKey(),
  creditCode: text('credit_code').notNull(),
  name: text('name').notNull(),
  reason: text('reason').notNull(),
  /** The decision it rests on: authority and number. */
  source: text('source').notNull(),
  startsOn: day('starts_on').notNull(),
  endsOn: day('ends_on').notNull(),
  enteredBy: id('entered_by').notNull(),
  enteredAt: at('entered_at').notNull(),
  endedAt: at('ended_at'),
  endReason: text('end_reason'),
})
