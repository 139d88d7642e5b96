import { bigint, boolean, pgTable, text } from 'drizzle-orm/pg-core'
import { at, hash, id, state } from '@/db/columns'

export const fileAudiences = ['public', 'committee', 'owner', 'sealed'] as const

/** A file kept by the store under a random name; the table says what it is. */
export const storedFile = pgTable('stored_file', {
  id: id().primaryKey(),
  name: text('name').notNull(),
  type: text('type').notNull(),
  size: bigint('size', { mode: 'number' }).notNull(),
  sha256: hash('sha256').notNull(),
  audience: state('audience', fileAudiences).notNull(),
  isErased: boolean('is_erased').notNull().default(false),
  createdAt: at('created_at').notNull(),
})
