import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id, state } from '@/db/columns'

export const roles = [
  'tenderer',
  'agency',
  'bidder',
  'expert',
  'supervisor',
  'custodian',
  'witness',
  'operator',
  'hall-staff',
  'citizen',
  'exchange',
] as const
export type Role = (typeof roles)[number]

/** Organisations (主体), known by their 统一社会信用代码 (GB 32100). */
export const organisation = pgTable('organisation', {
  id: id().primaryKey(),
  creditCode: text('credit_code').notNull().unique(),
  name: text('name').notNull(),
  regionCode: text('region_code').notNull(),
  address: text('address').notNull().default(''),
  contact: text('contact').notNull().default(''),
  phone: text('phone').notNull().default(''),
  /** Roles its members may take; an organisation's own administrator cannot grant others. */
  roles: text('roles', { enum: roles }).array().notNull().default(sql`'{}'::text[]`),
  createdAt: at('created_at').notNull(),
})

export const person = pgTable('person', {
  id: id().primaryKey(),
  login: text('login').notNull().unique(),
  name: text('name').notNull(),
  phone: text('phone').notNull().default(''),
  passwordHash: text('password_hash'),
  failures: integer('failures').notNull().default(0),
  lockedUntil: at('locked_until'),
  createdAt: at('created_at').notNull(),
})

/** A person acts only through a membership: organisation, role, region prefix, sector. */
export const membership = pgTable(
  'membership',
  {
    id: id().primaryKey(),
    personId: id('person_id')
      .notNull()
      .references(() => person.id),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    role: state('role', roles).notNull(),
    /** GB/T 2260 prefix this membership may see; '' is the whole country. */
    regionPrefix: text('region_prefix').notNull().default(''),
    sector: text('sector').notNull().default(''),
    /** Manages the organisation's members and certificates (机构管理员). */
    isAdmin: boolean('is_admin').notNull().default(false),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  table => [
    index('membership_person').on(table.personId),
    uniqueIndex('membership_once').on(table.personId, table.organisationId, table.role),
  ],
)

export const session = pgTable('session', {
  /** SHA-256 of the cookie's token: a leaked table opens no session. */
  tokenHash: hash('token_hash').primaryKey(),
  membershipId: id('membership_id')
    .notNull()
    .references(() => membership.id),
  createdAt: at('created_at').notNull(),
  seenAt: at('seen_at').notNull(),
  expiresAt: at('expires_at').notNull(),
  endedAt: at('ended_at'),
})

export const apiToken = pgTable('api_token', {
  id: id().primaryKey(),
  membershipId: id('membership_id')
    .notNull()
    .references(() => membership.id),
  tokenHash: hash('token_hash').notNull().unique(),
  label: text('label').notNull(),
  /** Permissions this token may use; empty means all of its membership's. */
  scopes: text('scopes').array().notNull().default(sql`'{}'::text[]`),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at').notNull(),
  revokedAt: at('revoked_at'),
})

/** `both`: one certificate whose keyUsage allows signing and encryption. */
export const certificateUses = ['sign', 'encrypt', 'both'] as const

/** X.509 certificates known to belong to an organisation or a person (crypto.md §10.13). */
export const certificate = pgTable(
  'certificate',
  {
    /** SHA-256 of the DER, hex. */
    fingerprint: hash('fingerprint').primaryKey(),
    organisationId: id('organisation_id').references(() => organisation.id),
    personId: id('person_id').references(() => person.id),
    use: state('use', certificateUses).notNull(),
    suite: text('suite').notNull(),
    subject: text('subject').notNull(),
    serial: text('serial').notNull(),
    der: bytes('der').notNull(),
    notBefore: at('not_before').notNull(),
    notAfter: at('not_after').notNull(),
    revokedAt: at('revoked_at'),
    isSandbox: boolean('is_sandbox').notNull(),
    /** The person who registered it: who signs in with it (经办人). */
    boundBy: id('bound_by').references(() => person.id),
    createdAt: at('created_at').notNull(),
  },
  table => [
    index('certificate_organisation').on(table.organisationId),
    index('certificate_person').on(table.personId),
    check('certificate_owner', sql`(${table.organisationId} is null) <> (${table.personId} is null)`),
  ],
)

/** A nonce to be signed for certificate sign-in; used once. */
export const loginChallenge = pgTable('login_challenge', {
  id: id().primaryKey(),
  nonce: text('nonce').notNull(),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
})

/** Attempts in a window, per key (address or login): survives a restart. */
export const rateWindow = pgTable('rate_window', {
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  startedAt: at('started_at').notNull(),
})
