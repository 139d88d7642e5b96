import { bigserial, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id, state } from '@/db/columns'
import { person } from './identity'

export const listSources = ['folder', 'operator', 'sandbox'] as const

/** Certificate revocation lists that were taken in: the newest of each CA counts, earlier ones stay as evidence of what was relied on. */
export const revocationList = pgTable(
  'revocation_list',
  {
    /** Of the DER. */
    sha256: hash('sha256').primaryKey(),
    /** Order of arrival: by its greatest value processes notice that there is a new one. */
    arrival: bigserial('arrival', { mode: 'number' }).notNull(),
    /** Fingerprint of the CA's certificate. */
    issuer: hash('issuer').notNull(),
    issuerName: text('issuer_name').notNull(),
    /** CRLNumber in decimal digits (up to 20 octets: too long for a number). */
    number: text('number'),
    thisUpdate: at('this_update').notNull(),
    nextUpdate: at('next_update').notNull(),
    revoked: integer('revoked').notNull(),
    der: bytes('der').notNull(),
    source: state('source', listSources).notNull(),
    takenAt: at('taken_at').notNull(),
    takenBy: id('taken_by').references(() => person.id),
  },
  table => [index('revocation_list_issuer').on(table.issuer, table.arrival), index('revocation_list_arrival').on(table.arrival)],
)

/** How long after its nextUpdate a revocation list may still be relied on; the highest version in force counts. */
export const revocationRule = pgTable('revocation_rule', {
  version: integer('version').primaryKey(),
  graceHours: integer('grace_hours').notNull(),
  /** Where the value comes from. */
  source: text('source').notNull(),
  inForceFrom: at('in_force_from').notNull(),
})
