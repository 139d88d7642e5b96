import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, day, hash, id, state } from '@/db/columns'
import { person } from '@/db/schema/platform/identity'
import { expert } from './expert'
import { expertEvent } from './expert-record'

export const expertRuleKinds = ['mark', 'clearance', 'training', 'cap', 'age', 'statement', 'import'] as const
export type ExpertRuleKind = (typeof expertRuleKinds)[number]
export const clearanceActs = ['remind', 'retrain', 'suspend', 'remove', 'ban'] as const
export type ClearanceAct = (typeof clearanceActs)[number]

/**
 * The library's configured rules (积分、考核、清退、培训、月度上限): each province sets its own, so none is asserted in code.
 * Rows are only added; a later version of the same kind and code replaces the earlier from its day on, and `isOff` ends it.
 */
export const expertRule = pgTable(
  'expert_rule',
  {
    id: id().primaryKey(),
    kind: state('kind', expertRuleKinds).notNull(),
    code: text('code').notNull(),
    version: integer('version').notNull(),
    name: text('name').notNull(),
    /** mark: points; clearance: points reached; training: hours a year; cap: evaluations a month; age: years; statement: days; import: 10,000 rows, MiB, lists. */
    value: integer('value').notNull(),
    /** clearance: within how many months points count, what follows, and for how many months. */
    windowMonths: integer('window_months'),
    act: text('act', { enum: clearanceActs }),
    actMonths: integer('act_months'),
    source: text('source').notNull(),
    effectiveOn: day('effective_on').notNull(),
    isOff: boolean('is_off').notNull().default(false),
    createdBy: id('created_by').references(() => person.id),
    createdAt: at('created_at').notNull(),
  },
  table => [uniqueIndex('expert_rule_version').on(table.kind, table.code, table.version)],
)

/** One project's assessment of one expert (一项目一评价): which rule, how many points, by whom. Points are those of the rule then. */
export const expertMark = pgTable(
  'expert_mark',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    lotId: id('lot_id'),
    ruleId: id('rule_id')
      .notNull()
      .references(() => expertRule.id),
    points: integer('points').notNull(),
    note: text('note').notNull(),
    byPerson: id('by_person')
      .notNull()
      .references(() => person.id),
    byRole: text('by_role').notNull(),
    at: at('at').notNull(),
    /** Taken back after an appeal; the row stays. */
    revokedAt: at('revoked_at'),
  },
  table => [
    index('expert_mark_expert').on(table.expertId, table.at),
    uniqueIndex('expert_mark_once').on(table.expertId, table.lotId, table.ruleId, table.byPerson),
  ],
)

export const penaltyKinds = ['administrative', 'criminal'] as const
export type PenaltyKind = (typeof penaltyKinds)[number]

/**
 * Punishment for breaking the law in tendering (行政处罚、刑事处罚): whoever was so punished may sit in no committee (评标委员会和评标方法暂行规定
 * 12). By identity tag, since the person need not be in the library (yet).
 */
export const expertPenalty = pgTable(
  'expert_penalty',
  {
    id: id().primaryKey(),
    /** As `expert.id_tag`. */
    idTag: hash('id_tag').notNull(),
    kind: state('kind', penaltyKinds).notNull(),
    authority: text('authority').notNull(),
    document: text('document').notNull(),
    decidedOn: day('decided_on').notNull(),
    facts: text('facts').notNull(),
    byPerson: id('by_person')
      .notNull()
      .references(() => person.id),
    createdAt: at('created_at').notNull(),
    /** Undone by the authority or a court, noted by another person; the row stays. */
    revokedAt: at('revoked_at'),
    revokedBy: id('revoked_by').references(() => person.id),
    revokedReason: text('revoked_reason'),
  },
  table => [uniqueIndex('expert_penalty_once').on(table.idTag, table.document)],
)

export const clearanceStates = ['proposed', 'carried-out', 'dropped'] as const
export type ClearanceState = (typeof clearanceStates)[number]

/** A clearance (清退等处理): proposed by one person, told to the expert, who may state the own case, decided by another. */
export const expertClearance = pgTable(
  'expert_clearance',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    state: state('state', clearanceStates).notNull(),
    act: text('act', { enum: clearanceActs }).notNull(),
    actMonths: integer('act_months'),
    /** What it rests on: a rule whose points are reached, a punishment, or neither (the reason then says). */
    ruleId: id('rule_id').references(() => expertRule.id),
    penaltyId: id('penalty_id').references(() => expertPenalty.id),
    points: integer('points').notNull().default(0),
    reason: text('reason').notNull(),
    proposedBy: id('proposed_by')
      .notNull()
      .references(() => person.id),
    proposedAt: at('proposed_at').notNull(),
    noticeId: id('notice_id'),
    /** Until then the expert may state the own case (陈述申辩); nothing is decided before, unless the statement is there. */
    statementUntil: at('statement_until').notNull(),
    statement: text('statement'),
    statedAt: at('stated_at'),
    decidedBy: id('decided_by').references(() => person.id),
    decidedAt: at('decided_at'),
    decision: text('decision'),
    /** The change of state that carried it out; null for a reminder or a training, which change none. */
    eventId: id('event_id').references(() => expertEvent.id),
  },
  table => [
    uniqueIndex('expert_clearance_open').on(table.expertId).where(sql`state = 'proposed'`),
    index('expert_clearance_state').on(table.state, table.proposedAt),
  ],
)

/** Training (培训): hours and result. */
export const expertTraining = pgTable(
  'expert_training',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    name: text('name').notNull(),
    onDay: day('on_day').notNull(),
    hours: integer('hours').notNull(),
    passed: boolean('passed').notNull(),
    byPerson: id('by_person')
      .notNull()
      .references(() => person.id),
    createdAt: at('created_at').notNull(),
  },
  table => [uniqueIndex('expert_training_once').on(table.expertId, table.name, table.onDay)],
)
