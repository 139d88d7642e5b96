import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, day, hash, id, state } from '@/db/columns'
import { person } from '@/db/schema/platform/identity'
import { expert, expertStates } from './expert'

export const applicationStates = ['submitted', 'recommended', 'declined', 'admitted', 'refused', 'withdrawn'] as const
export type ApplicationState = (typeof applicationStates)[number]

/** An application to enter the library (入库申请, 评标专家和评标专家库管理办法 6): the person applies, the unit recommends, the library reviews. */
export const expertApplication = pgTable(
  'expert_application',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    /** HMAC of the account that applied: a dump does not tell which person an expert is. */
    ownerTag: hash('owner_tag').notNull(),
    state: state('state', applicationStates).notNull(),
    /** {yearsInField, degree, certificates, experience}: personal, only ever in a box. */
    box: bytes('box').notNull(),
    /** The unit's word: by a member of that organisation, or by a letter that the library has seen (its number). */
    recommendedBy: id('recommended_by').references(() => person.id),
    recommendationLetter: text('recommendation_letter'),
    recommendation: text('recommendation'),
    recommendedAt: at('recommended_at'),
    decidedBy: id('decided_by').references(() => person.id),
    decision: text('decision'),
    decidedAt: at('decided_at'),
    createdAt: at('created_at').notNull(),
  },
  table => [
    index('expert_application_owner').on(table.ownerTag),
    index('expert_application_state').on(table.state, table.createdAt),
    uniqueIndex('expert_application_live').on(table.expertId).where(sql`state in ('submitted', 'recommended')`),
  ],
)

/** Every change of an expert's state, for life: who, when, why, by which rule (动态管理). */
export const expertEvent = pgTable(
  'expert_event',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    event: text('event').notNull(),
    from: state('from_state', expertStates).notNull(),
    to: state('to_state', expertStates).notNull(),
    reason: text('reason').notNull(),
    ruleId: id('rule_id'),
    until: at('until'),
    /** Null: the clock, when a suspension ended. */
    byPerson: id('by_person').references(() => person.id),
    at: at('at').notNull(),
    noticeId: id('notice_id'),
  },
  table => [index('expert_event_expert').on(table.expertId, table.at), index('expert_event_at').on(table.at)],
)

export const appealStates = ['filed', 'upheld', 'dismissed'] as const
export type AppealState = (typeof appealStates)[number]

/** An expert's appeal (申诉) against one decision; decided by somebody who did not make it. */
export const expertAppeal = pgTable(
  'expert_appeal',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    eventId: id('event_id')
      .notNull()
      .references(() => expertEvent.id)
      .unique(),
    state: state('state', appealStates).notNull(),
    text: text('text').notNull(),
    filedAt: at('filed_at').notNull(),
    decision: text('decision'),
    decidedBy: id('decided_by').references(() => person.id),
    decidedAt: at('decided_at'),
  },
  table => [index('expert_appeal_state').on(table.state, table.filedAt), index('expert_appeal_expert').on(table.expertId)],
)

/** Each look into an expert's box: who, when, what for. The expert reads this list himself. */
export const expertLook = pgTable(
  'expert_look',
  {
    id: id().primaryKey(),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    byName: text('by_name').notNull(),
    organisationName: text('organisation_name').notNull(),
    purpose: text('purpose').notNull(),
    at: at('at').notNull(),
  },
  table => [index('expert_look_expert').on(table.expertId, table.at)],
)

/** Editions of the specialty classification, side by side: which file, from where. */
export const specialtyEdition = pgTable('specialty_edition', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  source: text('source').notNull(),
  /** Null: the copy at hand does not say. */
  effectiveOn: day('effective_on'),
  isInForce: boolean('is_in_force').notNull().default(false),
  importId: id('import_id'),
  createdAt: at('created_at').notNull(),
})

/** One specialty of one edition: letter (1), two digits (2), two (3), two (4). */
export const specialty = pgTable(
  'specialty',
  {
    edition: text('edition')
      .notNull()
      .references(() => specialtyEdition.id),
    code: text('code').notNull(),
    name: text('name').notNull(),
    level: integer('level').notNull(),
  },
  table => [primaryKey({ columns: [table.edition, table.code] })],
)

export const importKinds = ['experts', 'specialties'] as const
export type ImportKind = (typeof importKinds)[number]

/** A list arrives, is checked row by row, is taken over at once; or it was refused, or cancelled by a person. */
export const importStates = ['receiving', 'checking', 'taking', 'done', 'refused', 'cancelled'] as const
export type ImportState = (typeof importStates)[number]

/** A list brought in from another department: its file by hash, and what became of each row. */
export const expertImport = pgTable(
  'expert_import',
  {
    id: id().primaryKey(),
    kind: state('kind', importKinds).notNull(),
    /** SHA-256 of the file: the same file a second time brings back the first report. */
    fileHash: hash('file_hash').notNull(),
    fileName: text('file_name').notNull(),
    bytes: integer('bytes').notNull(),
    /** Department the list is from (来源部门), or the edition of a classification. */
    source: text('source').notNull(),
    /** `all`: one bad row and nothing is taken; `good-rows`: the bad ones are left out. */
    mode: text('mode', { enum: ['all', 'good-rows'] }).notNull(),
    rows: integer('rows').notNull(),
    accepted: integer('accepted').notNull(),
    rejected: integer('rejected').notNull(),
    isTaken: boolean('is_taken').notNull(),
    /** Rejected rows by rule. */
    counts: jsonb('counts').notNull(),
    byPerson: id('by_person').references(() => person.id),
    createdAt: at('created_at').notNull(),
    state: state('state', importStates).notNull().default('done'),
    /** The list's number in its experts' library numbers; 0 for a classification. */
    number: integer('number').notNull().default(0),
    /** How far it is: bytes read, good rows waiting to be taken over, rows of those gone through. */
    bytesDone: integer('bytes_done').notNull().default(0),
    staged: integer('staged').notNull().default(0),
    gone: integer('gone').notNull().default(0),
    /** Whichever process works on it, until when that is believed, and how often it ended badly without getting on. */
    lease: id('lease'),
    leasedUntil: at('leased_until'),
    attempts: integer('attempts').notNull().default(0),
    touchedAt: at('touched_at'),
    finishedAt: at('finished_at'),
    /** Why it was refused: {code, facts}. */
    problem: jsonb('problem'),
  },
  table => [
    index('expert_import_state').on(table.state),
    uniqueIndex('expert_import_file').on(table.kind, table.fileHash, table.source, table.mode).where(sql`is_taken`),
  ],
)

/** The list itself while it is worked on, a MiB a row in boxes: any process can read it, and a killed one's work goes on. */
export const expertImportPart = pgTable(
  'expert_import_part',
  {
    importId: id('import_id')
      .notNull()
      .references(() => expertImport.id),
    seq: integer('seq').notNull(),
    box: bytes('box').notNull(),
  },
  table => [primaryKey({ columns: [table.importId, table.seq] })],
)

/** Good rows, checked and sealed, a JSON array of up to a thousand: they come into the library all at once at the end. */
export const expertImportBatch = pgTable(
  'expert_import_batch',
  {
    importId: id('import_id')
      .notNull()
      .references(() => expertImport.id),
    seq: integer('seq').notNull(),
    rows: text('rows').notNull(),
  },
  table => [primaryKey({ columns: [table.importId, table.seq] })],
)

/** One reason why one row was left out: row number in the file (heading = 1), column, rule. No personal data. */
export const expertImportIssue = pgTable(
  'expert_import_issue',
  {
    importId: id('import_id')
      .notNull()
      .references(() => expertImport.id),
    seq: integer('seq').notNull(),
    row: integer('row').notNull(),
    column: text('column_name').notNull(),
    rule: text('rule').notNull(),
    detail: text('detail').notNull(),
  },
  table => [primaryKey({ columns: [table.importId, table.seq] })],
)
