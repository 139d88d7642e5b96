import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id, state } from '@/db/columns'
import { organisation, person } from '@/db/schema/platform/identity'

export const expertStates = ['applying', 'active', 'suspended', 'removed', 'left', 'blacklisted'] as const
export type ExpertState = (typeof expertStates)[number]

/** The library of evaluation experts (评标专家库). Who the person is stands in a box under the data key: a dump names nobody. */
export const expert = pgTable(
  'expert',
  {
    id: id().primaryKey(),
    /** Number in the library (专家编号), never reused. */
    code: text('code').notNull().unique(),
    /** {name, phone, idNumber, title, city} */
    box: bytes('box').notNull(),
    /** Specialty codes of 发改法规〔2018〕316号, ascending. */
    disc: text('disc').array().notNull(),
    regionCode: text('region_code').notNull(),
    employerName: text('employer_name').notNull(),
    employerCode: text('employer_code'),
    state: state('state', expertStates).notNull(),
    /** Commitment C to the record (crypto.md §4 step 1); changes with the record. */
    leaf: hash('leaf').notNull().unique(),
    /** The account made when a first invitation is accepted. */
    personId: id('person_id').references(() => person.id),
    createdAt: at('created_at').notNull(),
    changedAt: at('changed_at').notNull(),
  },
  table => [index('expert_state').on(table.state), index('expert_employer').on(table.employerCode)],
)

/** Units an expert has declared to avoid (回避单位): former employers, holdings, relatives (政府采购法实施条例 9). */
export const expertAvoid = pgTable(
  'expert_avoid',
  {
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    organisationName: text('organisation_name').notNull(),
    creditCode: text('credit_code'),
    reason: text('reason').notNull(),
  },
  table => [primaryKey({ columns: [table.expertId, table.organisationName] })],
)

/** A pool as it was when a draw began: its leaves in ascending order, 32 bytes each. Draws on the same library share one. */
export const expertPool = pgTable('expert_pool', {
  root: hash('root').primaryKey(),
  size: integer('size').notNull(),
  leaves: bytes('leaves').notNull(),
  /** Ids of the experts behind the leaves, 16 bytes each, in the same order: a record that changes later keeps its place in this pool. */
  members: bytes('members').notNull(),
  createdAt: at('created_at').notNull(),
})

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
