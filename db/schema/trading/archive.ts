import { integer, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { at, hash, id } from '@/db/columns'
import { lot } from './project'

/** The archive (归档包) of a lot and round: asked for by the agency, packed once the witness has cosigned all that stands in it. */
export const archive = pgTable(
  'archive',
  {
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    /** The log entry of the request: everything up to it is archived. */
    entryId: id('entry_id').notNull(),
    requestedAt: at('requested_at').notNull(),
    fileId: id('file_id'),
    sha256: hash('sha256'),
    sealedAt: at('sealed_at'),
  },
  table => [primaryKey({ columns: [table.lotId, table.round] })],
)
