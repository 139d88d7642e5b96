import { boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id, state } from '@/db/columns'
import { bid } from './bid'
import { lot } from './project'

/** One expert's finding on one compliance item (符合性/初步评审) of one bid. */
export const complianceMark = pgTable(
  'compliance_mark',
  {
    bidId: id('bid_id')
      .notNull()
      .references(() => bid.id),
    /** The member: a drawn expert's id, or that of a representative of the tenderer (`draw_representative`). */
    expertId: id('expert_id').notNull(),
    item: text('item').notNull(),
    pass: boolean('pass').notNull(),
    /** Basis of a failure, with where in the bid it stands; required then (发改法规规〔2022〕1117号(五)). */
    reason: text('reason').notNull().default(''),
    at: at('at').notNull(),
  },
  table => [primaryKey({ columns: [table.bidId, table.expertId, table.item] })],
)

/** One expert's points on one scoring item of one bid: an exact decimal. */
export const scoreMark = pgTable(
  'score_mark',
  {
    bidId: id('bid_id')
      .notNull()
      .references(() => bid.id),
    /** The member: a drawn expert's id, or that of a representative of the tenderer (`draw_representative`). */
    expertId: id('expert_id').notNull(),
    item: text('item').notNull(),
    score: text('score').notNull(),
    at: at('at').notNull(),
  },
  table => [primaryKey({ columns: [table.bidId, table.expertId, table.item] })],
)

/** An expert's sheet, locked: from then on nothing in it changes. */
export const evaluationSheet = pgTable(
  'evaluation_sheet',
  {
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    /** The member: a drawn expert's id, or that of a representative of the tenderer (`draw_representative`). */
    expertId: id('expert_id').notNull(),
    /** SHA-256 of the JCS of the sheet. */
    sheetHash: hash('sheet_hash').notNull(),
    lockedAt: at('locked_at').notNull(),
  },
  table => [primaryKey({ columns: [table.lotId, table.round, table.expertId] })],
)

/** The evaluation report (评标报告): its content is fixed when the last sheet is locked, then signed by every member. */
export const evaluationReport = pgTable(
  'evaluation_report',
  {
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    /** JCS of tbid/evaluation.report@1. */
    content: text('content').notNull(),
    hash: hash('hash').notNull(),
    madeAt: at('made_at').notNull(),
    sealedAt: at('sealed_at'),
  },
  table => [primaryKey({ columns: [table.lotId, table.round] })],
)

export const reportAnswers = ['sign', 'dissent', 'refuse'] as const

/** A member's word on the report: signed, dissent with reasons, or refusal, which counts as agreement (条例 53). */
export const evaluationSignature = pgTable(
  'evaluation_signature',
  {
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    /** The member: a drawn expert's id, or that of a representative of the tenderer (`draw_representative`). */
    expertId: id('expert_id').notNull(),
    answer: state('answer', reportAnswers).notNull(),
    reason: text('reason').notNull().default(''),
    /** What was signed (JCS), and its CMS by the expert's own key. */
    statement: text('statement').notNull(),
    cms: bytes('cms').notNull(),
    at: at('at').notNull(),
  },
  table => [primaryKey({ columns: [table.lotId, table.round, table.expertId] })],
)

/** The award (定标): one per lot and round. */
export const award = pgTable(
  'award',
  {
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    bidId: id('bid_id')
      .notNull()
      .references(() => bid.id),
    /** Why not the first-ranked (条例 55); empty for the first. */
    reason: text('reason').notNull().default(''),
    /** What the award rests on, as published: candidates in order. */
    basis: jsonb('basis').notNull(),
    awardedAt: at('awarded_at').notNull(),
  },
  table => [primaryKey({ columns: [table.lotId, table.round] })],
)
