import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, hash, id, state, timeRange } from '@/db/columns'
import { organisation, person } from '@/db/schema/platform/identity'
import { expert } from './expert'
import { lot } from './project'

export const drawStates = [
  'requested',
  'reviewed',
  'approved',
  'infeasible',
  'committing',
  'revealing',
  'contacting',
  'complete',
  'void',
  'ended',
] as const
export type DrawState = (typeof drawStates)[number]

export const contactWays = ['sms', 'voice', 'email'] as const
export type ContactWay = (typeof contactWays)[number]

/** One draw of an evaluation committee (专家抽取) by tbid-draw/1. */
export const draw = pgTable(
  'draw',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    kind: text('kind').notNull(),
    /** Running number per (lot, round, kind): a second draw is visible as such. */
    number: integer('number').notNull(),
    drawId: text('draw_id').notNull().unique(),
    state: state('state', drawStates).notNull(),
    /** Rules v2 (crypto.md §10.11) as they will be committed to. */
    rules: jsonb('rules').notNull(),
    /** Units to avoid, stated by the agency with reasons (EX-06); sealed, since they may name bidders. */
    avoidBox: bytes('avoid_box').notNull(),
    evaluationAt: at('evaluation_at').notNull(),
    /** Members asked for, the tenderer's representatives included; complex cases need more of them (财政部令第87号 47). */
    size: integer('size').notNull().default(5),
    isComplex: boolean('is_complex').notNull().default(false),
    /** Drawn before the bids are known; the panel is then checked against the bidders once every lot is closed, and that instant is kept. */
    isEarly: boolean('is_early').notNull().default(false),
    recheckedAt: at('rechecked_at'),
    /** How invited persons are reached: see `contactWays`. */
    contactBy: text('contact_by', { enum: contactWays }).notNull().default('sms'),
    city: text('city').notNull(),
    place: text('place').notNull(),
    hours: integer('hours').notNull(),
    /** Seconds an invited person has to answer, and a party to reveal. */
    answerSeconds: integer('answer_seconds').notNull(),
    revealSeconds: integer('reveal_seconds').notNull(),
    requestedBy: id('requested_by')
      .notNull()
      .references(() => organisation.id),
    requestedByPerson: id('requested_by_person').references(() => person.id),
    approvedBy: id('approved_by').references(() => organisation.id),
    approvedAt: at('approved_at'),
    /** The pool drawn from; the lists stand in `draw_list`. */
    poolRoot: hash('pool_root'),
    /** Why no panel exists, and which single change would do (for state infeasible). */
    obstacle: jsonb('obstacle'),
    /** The platform's own dealt secret, in a box; no other party's is ever here. */
    secretBox: bytes('secret_box'),
    preludeIdx: bigint('prelude_idx', { mode: 'number' }),
    /** Index of the last of prelude, commits and acknowledgements, once all are there. */
    lastIdx: bigint('last_idx', { mode: 'number' }),
    /** Sizes of the two cosigned checkpoints around it (crypto.md §10.9). */
    previousSize: bigint('previous_size', { mode: 'number' }),
    checkpointSize: bigint('checkpoint_size', { mode: 'number' }),
    checkpointNote: text('checkpoint_note'),
    fixedAt: at('fixed_at'),
    attempt: integer('attempt'),
    selected: jsonb('selected'),
    alternates: jsonb('alternates'),
    drawnAt: at('drawn_at'),
    completedAt: at('completed_at'),
    /** Every lot has failed or was terminated before it was evaluated: when the committee was let go, and why, lot by lot. */
    endedAt: at('ended_at'),
    endReason: text('end_reason'),
    voidReason: text('void_reason'),
    voidAskedBy: id('void_asked_by').references(() => person.id),
    /** Names stay closed until the unlock time, and open by two persons (EX-10). */
    unlockAskedBy: id('unlock_asked_by').references(() => person.id),
    unlockedBy: id('unlocked_by').references(() => person.id),
    unlockedAt: at('unlocked_at'),
    createdAt: at('created_at').notNull(),
  },
  table => [
    uniqueIndex('draw_number').on(table.lotId, table.round, table.kind, table.number),
    index('draw_state').on(table.state),
    index('draw_evaluation').on(table.evaluationAt),
  ],
)

/** The lots a committee evaluates: the draw's own and others of the same project that close no later. */
export const drawLot = pgTable(
  'draw_lot',
  {
    drawId: id('draw_id')
      .notNull()
      .references(() => draw.id),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
  },
  table => [primaryKey({ columns: [table.drawId, table.lotId] }), index('draw_lot_lot').on(table.lotId)],
)

/** The two persons who let a draw happen: first review (审核), then approval (核准); never the same, never who asked. */
export const drawApproval = pgTable(
  'draw_approval',
  {
    drawId: id('draw_id')
      .notNull()
      .references(() => draw.id),
    step: smallint('step').notNull(),
    personId: id('person_id')
      .notNull()
      .references(() => person.id),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    at: at('at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.drawId, table.step] }),
    uniqueIndex('draw_approval_person').on(table.drawId, table.personId),
  ],
)

export const representativeStates = ['named', 'invited', 'accepted', 'refused', 'avoid', 'absent'] as const
export type RepresentativeState = (typeof representativeStates)[number]

/** The tenderer's representatives in a committee (招标人代表), named by the tenderer; who they are stands in a box. */
export const drawRepresentative = pgTable(
  'draw_representative',
  {
    id: id().primaryKey(),
    drawId: id('draw_id')
      .notNull()
      .references(() => draw.id),
    seq: integer('seq').notNull(),
    /** {name, idNumber, phone, title, unit} */
    box: bytes('box').notNull(),
    state: state('state', representativeStates).notNull().default('named'),
    /** Whose seat this one took: somebody who refused, left or did not come. */
    replaces: id('replaces').unique(),
    /** SHA-256 of the invitation code. */
    codeHash: hash('code_hash').unique(),
    /** The account made when the invitation is accepted. */
    personId: id('person_id').references(() => person.id),
    reason: text('reason').notNull().default(''),
    invitedAt: at('invited_at'),
    answeredAt: at('answered_at'),
    arrivedAt: at('arrived_at'),
    pledgedAt: at('pledged_at'),
    declaredAt: at('declared_at'),
  },
  table => [
    uniqueIndex('draw_representative_seq').on(table.drawId, table.seq),
    index('draw_representative_person').on(table.personId),
    index('draw_representative_state').on(table.state).where(sql`state = 'named'`),
  ],
)

/** Who can be drawn and who cannot, as hashed in the prelude. Apart from the draw's row: thousands of rows that few readers want. */
export const drawList = pgTable('draw_list', {
  drawId: id('draw_id')
    .primaryKey()
    .references(() => draw.id),
  /** JCS text of E. */
  eligible: text('eligible').notNull(),
  /** JCS text of the excluded who fit a seat; everybody else of the pool is excluded as `no-fit`. */
  barred: text('barred').notNull(),
})

/** Signed messages of the parties, as logged: prelude, commits, acknowledgements, V, shares, void. */
export const drawMessage = pgTable(
  'draw_message',
  {
    id: id().primaryKey(),
    drawId: id('draw_id')
      .notNull()
      .references(() => draw.id),
    t: text('t').notNull(),
    /** Who or which pair it speaks of: 'agency', 'agency>third', ''. */
    about: text('about').notNull(),
    party: text('party').notNull(),
    /** JSON of {msg, sig}. */
    signed: text('signed').notNull(),
    entryId: id('entry_id').notNull(),
    receivedAt: at('received_at').notNull(),
  },
  table => [uniqueIndex('draw_message_once').on(table.drawId, table.t, table.about)],
)

/** What a party did against the protocol, once each: recorded, never a reason to draw again (crypto.md §10.10). */
export const drawMisconduct = pgTable(
  'draw_misconduct',
  {
    drawId: id('draw_id')
      .notNull()
      .references(() => draw.id),
    party: text('party').notNull(),
    kind: text('kind', { enum: ['share-mismatch', 'commitment-misfit'] }).notNull(),
    /** Which share: 'agency>third'; '' for a commitment. */
    about: text('about').notNull(),
    at: at('at').notNull(),
  },
  table => [primaryKey({ columns: [table.drawId, table.party, table.kind, table.about] })],
)

export const contactStates = ['invited', 'accepted', 'refused', 'no-answer', 'engaged', 'avoid'] as const
export type ContactState = (typeof contactStates)[number]

/** A person drawn for a seat: invitation, answer, arrival, declaration. Rows are events' subjects; `draw_event` is their order. */
export const drawContact = pgTable(
  'draw_contact',
  {
    id: id().primaryKey(),
    drawId: id('draw_id')
      .notNull()
      .references(() => draw.id),
    expertId: id('expert_id')
      .notNull()
      .references(() => expert.id),
    /** Commitment under which the person was drawn. */
    c: hash('c').notNull(),
    seat: text('seat').notNull(),
    /** SHA-256 of the invitation code. */
    codeHash: hash('code_hash').notNull().unique(),
    state: state('state', contactStates).notNull(),
    /** The committed record and its salt, in a box, as they stood at the draw: opened after the result (crypto.md §10.12). */
    recordBox: bytes('record_box'),
    reason: text('reason').notNull().default(''),
    invitedAt: at('invited_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    answeredAt: at('answered_at'),
    /** A second message: to the silent before their time is over, to the accepted before the evaluation. */
    urgedAt: at('urged_at'),
    remindedAt: at('reminded_at'),
    arrivedAt: at('arrived_at'),
    /** The commitment letter (承诺书) given on arrival (EX-13). */
    pledgedAt: at('pledged_at'),
    declaredAt: at('declared_at'),
  },
  table => [uniqueIndex('draw_contact_once').on(table.drawId, table.expertId), index('draw_contact_due').on(table.expiresAt)],
)

/**
 * The time an expert is held for an evaluation, from the invitation until a refusal. An exclusion constraint (migration `draw-booking`) keeps
 * two holds of one expert from overlapping, whatever draws run at once.
 */
export const drawBooking = pgTable('draw_booking', {
  contactId: id('contact_id')
    .primaryKey()
    .references(() => drawContact.id),
  expertId: id('expert_id')
    .notNull()
    .references(() => expert.id),
  during: timeRange('during').notNull(),
})

/** Outcomes of contacts in log order: what the transcript replays. */
export const drawEvent = pgTable(
  'draw_event',
  {
    id: id().primaryKey(),
    drawId: id('draw_id')
      .notNull()
      .references(() => draw.id),
    seq: integer('seq').notNull(),
    c: hash('c').notNull(),
    outcome: text('outcome').notNull(),
    at: at('at').notNull(),
    entryId: id('entry_id').notNull(),
  },
  table => [uniqueIndex('draw_event_seq').on(table.drawId, table.seq)],
)
