import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytes, fen, hash, id, state } from '@/db/columns'
import { organisation } from '@/db/schema/platform/identity'

/** A tender project (招标项目): 1..n lots, judged by the rule edition it started under. */
export const project = pgTable(
  'project',
  {
    id: id().primaryKey(),
    code: text('code').notNull().unique(),
    name: text('name').notNull(),
    regionCode: text('region_code').notNull(),
    sector: text('sector').notNull(),
    /** Key of trading/rules: kind of trade, e.g. works, gp-goods. */
    kind: text('kind').notNull(),
    /** Method of trading/rules, e.g. open-tender. */
    method: text('method').notNull(),
    edition: text('edition').notNull(),
    /** Version of the working-day calendar the project started under. */
    calendarVersion: text('calendar_version').notNull().default(''),
    isToLaw: boolean('is_to_law').notNull(),
    agencyId: id('agency_id')
      .notNull()
      .references(() => organisation.id),
    tendererName: text('tenderer_name').notNull(),
    tendererCode: text('tenderer_code').notNull(),
    fundSource: text('fund_source').notNull(),
    scale: text('scale').notNull(),
    contact: text('contact').notNull(),
    phone: text('phone').notNull(),
    createdAt: at('created_at').notNull(),
  },
  table => [index('project_agency').on(table.agencyId)],
)

export const lotStates = [
  'draft',
  'keying',
  'ready',
  'bidding',
  'closed',
  'opening',
  'opened',
  'evaluating',
  'evaluated',
  'publicity',
  'awarded',
  'archived',
  'failed',
  'terminated',
] as const
export type LotState = (typeof lotStates)[number]

/** A lot (标段/包): the unit of bidding, opening, evaluation, award and archive. */
export const lot = pgTable(
  'lot',
  {
    id: id().primaryKey(),
    projectId: id('project_id')
      .notNull()
      .references(() => project.id),
    code: text('code').notNull().unique(),
    name: text('name').notNull(),
    content: text('content').notNull(),
    qualification: text('qualification').notNull(),
    round: integer('round').notNull().default(1),
    state: state('state', lotStates).notNull(),
    regionCode: text('region_code').notNull(),
    sector: text('sector').notNull(),
    ceilingFen: fen('ceiling_fen').notNull(),
    suite: text('suite').notNull(),
    /** Release mode of crypto.md §0.3: bidder, custody, both, rescue. */
    releaseMode: text('release_mode').notNull(),
    /** k of the lot's k-of-n custody. */
    threshold: integer('threshold').notNull(),
    /** Seconds bidders and custodians have to release keys after the close is cosigned. */
    releaseSeconds: integer('release_seconds').notNull(),
    /** Evaluation items, price formula and its parameters, frozen when bidding starts. */
    scoring: jsonb('scoring').notNull(),
    /** What the tender document says of the opening: remedies, envelopes, parameters, sign-in; frozen with it. */
    openingTerms: jsonb('opening_terms').notNull().default({}),
    biddingStartsAt: at('bidding_starts_at'),
    biddingEndsAt: at('bidding_ends_at'),
    /** Until when the tender document can be had (招标文件获取截止). */
    documentEndsAt: at('document_ends_at'),
    /** Raised by each change that may affect bids: a bid committed under an older one must be confirmed (tbid/confirm@1) or is void. */
    termsVersion: integer('terms_version').notNull().default(1),
    closedAt: at('closed_at'),
    /** When the clock must look at this lot next. */
    nextCheckAt: at('next_check_at'),
    failReason: text('fail_reason'),
    createdAt: at('created_at').notNull(),
  },
  table => [
    index('lot_project').on(table.projectId),
    index('lot_due').on(table.nextCheckAt),
    index('lot_open').on(table.biddingEndsAt).where(sql`closed_at is null`),
    index('lot_state').on(table.state),
  ],
)

/** Versions of the tender document (招标文件) and its clarifications. */
export const tenderDocument = pgTable(
  'tender_document',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    version: integer('version').notNull(),
    title: text('title').notNull(),
    fileId: id('file_id').notNull(),
    /** 'document', or 'clarification' which may affect bids (法 23). */
    kind: text('kind').notNull(),
    createdAt: at('created_at').notNull(),
  },
  table => [uniqueIndex('tender_document_version').on(table.lotId, table.version)],
)

/** A document made public by a notice; until then only its makers see it. */
export const documentRelease = pgTable('document_release', {
  documentId: id('document_id')
    .primaryKey()
    .references(() => tenderDocument.id),
  noticeId: id('notice_id').notNull(),
})

export const noticeKinds = ['tender', 'correction', 'opening', 'candidates', 'result', 'failure', 'termination'] as const

/** Published notices (公告/公示): immutable, versioned, linked to what they correct. */
export const notice = pgTable(
  'notice',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    kind: state('kind', noticeKinds).notNull(),
    version: integer('version').notNull(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    bodyHash: hash('body_hash').notNull(),
    biddingEndsAt: at('bidding_ends_at'),
    /** End of the notice's own period (公示期), where it has one. */
    periodEndsAt: at('period_ends_at'),
    paperFileId: id('paper_file_id'),
    /** Its entry in the log. */
    entryId: id('entry_id').notNull(),
    supersedes: id('supersedes'),
    /** Single characters, pairs and words of title and body, for full-text search in Chinese. */
    search: text('search').array().notNull().default(sql`'{}'::text[]`),
    publishedAt: at('published_at').notNull(),
  },
  table => [
    uniqueIndex('notice_version').on(table.lotId, table.kind, table.version),
    index('notice_published').on(table.publishedAt),
    index('notice_search').using('gin', table.search),
  ],
)

/** Custodians (保管人) of a lot and round, in header order. */
export const lotCustodian = pgTable(
  'lot_custodian',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    idx: integer('idx').notNull(),
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    /** Interest group: 'tenderer-side', 'supervisor', 'third' … (crypto.md §10.7). */
    interestGroup: text('interest_group').notNull(),
    /** Base64 SPKI of the per-lot key, and its CMS over tbid/lotkey@1. */
    lotKey: text('lot_key'),
    lotKeyMessage: text('lot_key_message'),
    lotKeyCms: bytes('lot_key_cms'),
    /** The per-lot private key wrapped to the custodian's own certificate; opaque to the platform. */
    wrappedKey: bytes('wrapped_key'),
    policyCms: bytes('policy_cms'),
    keyedAt: at('keyed_at'),
    cosignedAt: at('cosigned_at'),
  },
  table => [uniqueIndex('lot_custodian_idx').on(table.lotId, table.round, table.idx)],
)

/** The signed sealing policy (tbid/policy@1); its hash is in every container header. */
export const sealingPolicy = pgTable(
  'sealing_policy',
  {
    id: id().primaryKey(),
    lotId: id('lot_id')
      .notNull()
      .references(() => lot.id),
    round: integer('round').notNull(),
    version: integer('version').notNull(),
    hash: hash('hash').notNull().unique(),
    payload: text('payload').notNull(),
    agencyCms: bytes('agency_cms').notNull(),
    /** Set when every custodian has cosigned. */
    completedAt: at('completed_at'),
    createdAt: at('created_at').notNull(),
  },
  table => [uniqueIndex('sealing_policy_version').on(table.lotId, table.round, table.version)],
)
