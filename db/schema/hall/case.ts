import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { at, bytes, day, id, state } from '@/db/columns'
import { serviceItem } from '@/db/schema/hall/catalogue'
import { storedFile } from '@/db/schema/platform/files'
import { organisation, person } from '@/db/schema/platform/identity'

export const caseStates = ['submitted', 'correcting', 'accepted', 'approved', 'refused', 'not-accepted', 'withdrawn'] as const
export type CaseState = (typeof caseStates)[number]

/** One application (办件) for a service item. */
export const hallCase = pgTable(
  'hall_case',
  {
    id: id().primaryKey(),
    /** 办件编号: 31 实施编码 + 8 date + 4 sequence. */
    number: text('number').notNull().unique(),
    itemId: id('item_id')
      .notNull()
      .references(() => serviceItem.id),
    state: state('state', caseStates).notNull(),
    regionCode: text('region_code').notNull(),
    applicantPersonId: id('applicant_person_id')
      .notNull()
      .references(() => person.id),
    applicantOrganisationId: id('applicant_organisation_id')
      .notNull()
      .references(() => organisation.id),
    /** Name, certificate and phone of the applicant, under the data key: a dump tells none of them. */
    applicantBox: bytes('applicant_box').notNull(),
    calendarVersion: text('calendar_version').notNull(),
    submittedAt: at('submitted_at').notNull(),
    /** When everything asked for was in: the day the notice limit counts from (行政许可法 32). */
    receivedAt: at('received_at').notNull(),
    noticeDueOn: day('notice_due_on').notNull(),
    correctionAskedAt: at('correction_asked_at'),
    acceptedAt: at('accepted_at'),
    /** Accepted by law because nobody answered in time (行政许可法 32 (4)). */
    isAcceptedByDefault: boolean('is_accepted_by_default').notNull().default(false),
    receiverId: id('receiver_id').references(() => person.id),
    promisedOn: day('promised_on'),
    legalDueOn: day('legal_due_on'),
    /** Some counted day lies in a year whose holidays are not announced (暂定). */
    isProvisional: boolean('is_provisional').notNull(),
    overdueAt: at('overdue_at'),
    approverId: id('approver_id').references(() => person.id),
    decidedAt: at('decided_at'),
    nextCheckAt: at('next_check_at'),
  },
  table => [
    index('hall_case_person').on(table.applicantPersonId, table.submittedAt),
    index('hall_case_state').on(table.state, table.submittedAt),
    index('hall_case_due').on(table.nextCheckAt).where(sql`${table.nextCheckAt} is not null`),
    check(
      'hall_case_two_people',
      sql`${table.approverId} is null or ${table.receiverId} is null or ${table.approverId} <> ${table.receiverId}`,
    ),
  ],
)

/** A material handed in; a later one of the same code replaces it, the earlier stays. */
export const hallMaterial = pgTable(
  'hall_material',
  {
    id: id().primaryKey(),
    caseId: id('case_id')
      .notNull()
      .references(() => hallCase.id),
    code: text('code').notNull(),
    fileId: id('file_id')
      .notNull()
      .references(() => storedFile.id),
    addedAt: at('added_at').notNull(),
    replacedAt: at('replaced_at'),
  },
  table => [index('hall_material_case').on(table.caseId)],
)

export const stepActions = [
  'submit',
  'ask-correction',
  'supplement',
  'accept',
  'accept-by-default',
  'reject',
  'approve',
  'refuse',
  'withdraw',
  'overdue',
] as const
export type StepAction = (typeof stepActions)[number]

/** What happened to a case: who, when, with which words and under which paper number; each has its entry in the log. */
export const hallStep = pgTable(
  'hall_step',
  {
    id: id().primaryKey(),
    caseId: id('case_id')
      .notNull()
      .references(() => hallCase.id),
    ordinal: integer('ordinal').notNull(),
    action: state('action', stepActions).notNull(),
    text: text('text').notNull(),
    /** Number of the notice this step issued, '' where it issues none. */
    paperNumber: text('paper_number').notNull().default(''),
    actorName: text('actor_name').notNull(),
    at: at('at').notNull(),
    entryId: id('entry_id').notNull(),
  },
  table => [index('hall_step_case').on(table.caseId, table.ordinal)],
)
