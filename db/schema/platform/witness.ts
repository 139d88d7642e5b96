import { pgTable, text } from 'drizzle-orm/pg-core'
import { at, id } from '@/db/columns'
import { organisation } from '@/db/schema/platform/identity'

/** Keys by which witnesses cosign public checkpoints (C2SP tlog-cosignature); one per organisation, never replaced silently. */
export const witness = pgTable('witness', {
  organisationId: id('organisation_id')
    .primaryKey()
    .references(() => organisation.id),
  /** Name in the verifier key, unique because notes are told apart by it. */
  name: text('name').notNull().unique(),
  vkey: text('vkey').notNull().unique(),
  registeredAt: at('registered_at').notNull(),
})
