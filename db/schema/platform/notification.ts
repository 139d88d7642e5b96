import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { at, bytes, id } from '@/db/columns'

/** A message to a person; recipient and body stand in a box (data key), so that a dump tells neither. */
export const notification = pgTable(
  'notification',
  {
    id: id().primaryKey(),
    channel: text('channel').notNull(),
    box: bytes('box').notNull(),
    createdAt: at('created_at').notNull(),
    sentAt: at('sent_at'),
    /** Refused for good by whoever should deliver it, and why (a code). */
    failedAt: at('failed_at'),
    failure: text('failure'),
  },
  table => [index('notification_created').on(table.createdAt)],
)
