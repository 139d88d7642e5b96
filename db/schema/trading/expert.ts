import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, day, hash, id, state } from '@/db/columns'
import { organisation, person } from '@/db/schema/platform/identity'

export const expertStates = ['applying', 'active', 'suspended', 'removed', 'left', 'blacklisted', 'refused'] as const
export type ExpertState = (typeof expertStates)[number]

/** The library of evaluation experts (评标专家库). Who the person is stands in a box under the data key: a dump names nobody. */
export const expert = pgTable(
  'expert',
  {
    id: id().primaryKey(),
    /** Number in the library (专家编号), never reused. */
    code: text('code').notNull().unique(),
    /** {name, phone, idNumber, title, email?, bank?} */
    box: bytes('box').notNull(),
    /** HMAC of the identity number under the tag key: the same person cannot stand in the library twice. */
    idTag: hash('id_tag').notNull().unique(),
    /** One to three specialty codes of the edition named, ascending; one of them is the main one (主评专业). */
    disc: text('disc').array().notNull(),
    mainDisc: text('main_disc').notNull(),
    edition: text('edition').notNull().default('2018-316'),
    regionCode: text('region_code').notNull(),
    employerName: text('employer_name').notNull(),
    employerCode: text('employer_code'),
    state: state('state', expertStates).notNull(),
    /** When a suspension ends by itself; null while none runs, or when it has no end. */
    suspendedUntil: at('suspended_until'),
    /** Days of the week the expert can be drawn for, bit 0 = Sunday; 127 = every day. */
    weekdays: smallint('weekdays').notNull().default(127),
    /** Where the row came from: an application, an import, the rehearsal's seed. */
    source: text('source').notNull().default('seed'),
    importId: id('import_id'),
    /** Commitment C to the record (crypto.md §4 step 1); changes with the record. */
    leaf: hash('leaf').notNull().unique(),
    /** The account made when a first invitation is accepted. */
    personId: id('person_id').references(() => person.id),
    createdAt: at('created_at').notNull(),
    changedAt: at('changed_at').notNull(),
  },
  table => [
    index('expert_state').on(table.state).where(sql`state <> 'active'`),
    index('expert_employer').on(table.employerCode),
    index('expert_employer_name').on(table.employerName),
    index('expert_person').on(table.personId),
    index('expert_weekdays').on(table.weekdays).where(sql`weekdays <> 127`),
    check('expert_disc', sql`cardinality(${table.disc}) between 1 and 3 and ${table.mainDisc} = any(${table.disc})`),
  ],
)

/** Where an expert worked (工作经历): three years back count for avoidance (政府采购法实施条例 9). `untilOn` null: still there. */
export const expertEmployment = pgTable(
  'expert_employment',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    organisationName: text('organisation_name').notNull(),
    creditCode: text('credit_code'),
    fromOn: day('from_on').notNull(),
    untilOn: day('until_on'),
  },
  table => [
    index('expert_employment_expert').on(table.expertId),
    index('expert_employment_code').on(table.creditCode),
    index('expert_employment_name').on(table.organisationName),
  ],
)

/** Times an expert cannot come (请假): drawn for nothing that overlaps. */
export const expertLeave = pgTable(
  'expert_leave',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    fromAt: at('from_at').notNull(),
    untilAt: at('until_at').notNull(),
    note: text('note').notNull().default(''),
    createdAt: at('created_at').notNull(),
    cancelledAt: at('cancelled_at'),
  },
  table => [
    index('expert_leave_expert').on(table.expertId),
    index('expert_leave_time').on(table.untilAt, table.fromAt).where(sql`cancelled_at is null`),
    check('expert_leave_order', sql`${table.fromAt} < ${table.untilAt}`),
  ],
)

export const avoidKinds = ['former-employer', 'director', 'holding', 'relative', 'in-law', 'economic', 'other'] as const
export type AvoidKind = (typeof avoidKinds)[number]

/** Units an expert has declared to avoid (回避单位): former employers, holdings, relatives' units (政府采购法实施条例 9). */
export const expertAvoid = pgTable(
  'expert_avoid',
  {
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    organisationName: text('organisation_name').notNull(),
    creditCode: text('credit_code'),
    kind: state('kind', avoidKinds).notNull().default('other'),
    reason: text('reason').notNull(),
    /** Who the relative is: {name, relation}; only ever in a box. */
    relativeBox: bytes('relative_box'),
  },
  table => [
    primaryKey({ columns: [table.expertId, table.organisationName] }),
    index('expert_avoid_code').on(table.creditCode),
    index('expert_avoid_name').on(table.organisationName),
  ],
)

/** A pool as it was at one instant: a tree of commitments in ascending order (crypto.md §4 step 1). Draws on the same library share one. */
export const expertPool = pgTable('expert_pool', {
  id: id().primaryKey(),
  root: hash('root').notNull().unique(),
  size: integer('size').notNull(),
  /** Subtree roots of its pages, 32 bytes each: from them and one page any inclusion proof follows. */
  tops: bytes('tops').notNull(),
  createdAt: at('created_at').notNull(),
})

/** A page of a pool: a complete subtree of 1,024 leaves (the last page may be shorter). */
export const expertPoolPage = pgTable(
  'expert_pool_page',
  {
    poolId: id('pool_id')
      .notNull()
      .references(() => expertPool.id, { onDelete: 'cascade' }),
    page: integer('page').notNull(),
    /** The smallest leaf of the page: finds the page of a commitment. */
    first: bytes('first').notNull(),
    leaves: bytes('leaves').notNull(),
    /** Ids of the experts behind the leaves, 16 bytes each, in the same order: a record that changes later keeps its place in this pool. */
    members: bytes('members').notNull(),
  },
  table => [primaryKey({ columns: [table.poolId, table.page] }), uniqueIndex('expert_pool_first').on(table.poolId, table.first)],
)

export const drawParties = ['platform', 'agency', 'supervisor', 'third'] as const
export type DrawParty = (typeof drawParties)[number]

/** The draw agents of the parties (抽取方代理程序): public keys only; each runs in its owner's own process. */
export const partyAgent = pgTable(
  'party_agent',
  {
    id: id().primaryKey(),
    party: state('party', drawParties).notNull(),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    name: text('name').notNull(),
    /** Base64 SPKI: Ed25519 to sign, P-256 to receive shares. */
    signKey: text('sign_key').notNull(),
    wrapKey: text('wrap_key').notNull(),
    registeredAt: at('registered_at').notNull(),
  },
  table => [uniqueIndex('party_agent_once').on(table.organisationId, table.party)],
)
