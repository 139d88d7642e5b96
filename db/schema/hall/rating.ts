import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { at, day, id, state } from '@/db/columns'
import { hallCase } from '@/db/schema/hall/case'
import { serviceItem } from '@/db/schema/hall/catalogue'
import { organisation, person } from '@/db/schema/platform/identity'

/** 好差评: one finished case, one rating, voluntary. Who gave it is not shown to those it is about. */
export const rating = pgTable(
  'rating',
  {
    caseId: id('case_id')
      .primaryKey()
      .references(() => hallCase.id),
    itemId: id('item_id')
      .notNull()
      .references(() => serviceItem.id),
    /** 5 非常满意 … 1 非常不满意. GB/T 39046—2020 counts the other way round: exports send 6 − stars. */
    stars: integer('stars').notNull(),
    text: text('text').notNull(),
    ratedAt: at('rated_at').notNull(),
  },
  table => [index('rating_item').on(table.itemId), check('rating_stars', sql`${table.stars} between 1 and 5`)],
)

export const complaintKinds = ['bad-rating', 'delay', 'conduct', 'extra-materials', 'several-trips'] as const
export const complaintStates = ['received', 'answered'] as const

/** A complaint (投诉), or the follow-up of a bad rating (差评整改). */
export const complaint = pgTable(
  'complaint',
  {
    id: id().primaryKey(),
    number: text('number').notNull().unique(),
    kind: state('kind', complaintKinds).notNull(),
    state: state('state', complaintStates).notNull(),
    caseId: id('case_id').references(() => hallCase.id),
    regionCode: text('region_code').notNull(),
    personId: id('person_id')
      .notNull()
      .references(() => person.id),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    text: text('text').notNull(),
    filedAt: at('filed_at').notNull(),
    dueOn: day('due_on').notNull(),
    isExtended: boolean('is_extended').notNull().default(false),
    extensionReason: text('extension_reason').notNull().default(''),
    answer: text('answer').notNull().default(''),
    answererId: id('answerer_id').references(() => person.id),
    answeredAt: at('answered_at'),
  },
  table => [index('complaint_state').on(table.state, table.dueOn), index('complaint_person').on(table.personId)],
)
