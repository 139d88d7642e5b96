import { and, arrayContains, count, desc, eq, gte, like, lt, type SQL, sql } from 'drizzle-orm'
import { lot, notice, noticeKinds, project } from '@/db/schema/trading/project'
import { regionPrefix } from '@/db/seed/code-lists'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { addDays, startOfDay } from '~/shared/time'
import { listPublicDocuments } from '../document/document.read.server'
import { findLot } from '../lot/find-lot.server'
import { ruleEdition } from '../rules/editions'
import { readNoticePaper } from './notice-paper.read.server'
import { searchQueryOf } from './search'

export const pageSize = 20

/** The filters of the portal, as they stand in its URL. Days are Shanghai days, both included. */
export type NoticeFilter = {
  q?: string
  kind?: string
  region?: string
  stage?: string
  from?: string
  to?: string
  page?: number
}

const haystack = sql`lower(normalize(${notice.title} || E'\n' || ${notice.body} || E'\n' || ${lot.name} || E'\n' || ${lot.code}, NFKC))`

function matching(typed: string): SQL | undefined {
  const query = searchQueryOf(typed)
  if (!query) return undefined
  const phrases = query.phrases.map(phrase => sql`strpos(${haystack}, ${phrase}) > 0`)
  return and(arrayContains(notice.search, query.terms), ...phrases)
}

const isStage = (stage: string): stage is (typeof noticeKinds)[number] => noticeKinds.some(kind => kind === stage)

function conditions(filter: NoticeFilter): Record<'kind' | 'stage' | 'rest', SQL | undefined> {
  const { q, kind, region, stage, from, to } = filter
  const rest = and(
    q ? matching(q) : undefined,
    region ? like(project.regionCode, `${regionPrefix(region)}%`) : undefined,
    from ? gte(notice.publishedAt, startOfDay(from)) : undefined,
    to ? lt(notice.publishedAt, startOfDay(addDays(to, 1))) : undefined,
  )
  const ofStage = stage ? (isStage(stage) ? eq(notice.kind, stage) : sql`false`) : undefined
  return { kind: kind ? eq(project.kind, kind) : undefined, stage: ofStage, rest }
}

const item = {
  id: notice.id,
  kind: notice.kind,
  version: notice.version,
  title: notice.title,
  publishedAt: notice.publishedAt,
  biddingEndsAt: notice.biddingEndsAt,
  periodEndsAt: notice.periodEndsAt,
  lotId: lot.id,
  lotCode: lot.code,
  lotName: lot.name,
  lotState: lot.state,
  projectName: project.name,
  tradeKind: project.kind,
  method: project.method,
  edition: project.edition,
  regionCode: project.regionCode,
  tendererName: project.tendererName,
}

type NoticeRow = {
  [Name in keyof typeof item]: (typeof item)[Name]['_']['data'] | (Name extends 'biddingEndsAt' | 'periodEndsAt' ? null : never)
}
/** One line of the portal. */
export type NoticeItem = Omit<NoticeRow, 'edition'> & { isDrill: boolean }

const itemOf = ({ edition, ...row }: NoticeRow): NoticeItem => ({ ...row, isDrill: ruleEdition(edition).anchors === 'sandbox' })

const from = (ctx: Ctx) =>
  ctx.db.select(item).from(notice).innerJoin(lot, eq(lot.id, notice.lotId)).innerJoin(project, eq(project.id, lot.projectId))

async function countsBy(ctx: Ctx, column: typeof project.kind | typeof notice.kind, where: SQL | undefined) {
  const rows = await ctx.db
    .select({ value: column, count: count() })
    .from(notice)
    .innerJoin(lot, eq(lot.id, notice.lotId))
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(where)
    .groupBy(column)
  return Object.fromEntries(rows.map(r => [r.value, r.count]))
}

/** Published notices, newest first, one page of the filtered list, with how many each kind and stage would leave. */
export async function listNotices(ctx: Ctx, filter: NoticeFilter) {
  const { kind, stage, rest } = conditions(filter)
  const page = Math.max(1, filter.page ?? 1)
  const rows = await from(ctx)
    .where(and(kind, stage, rest))
    .orderBy(desc(notice.publishedAt), notice.id)
    .limit(pageSize)
    .offset((page - 1) * pageSize)
  const kinds = await countsBy(ctx, project.kind, and(stage, rest))
  const stages = await countsBy(ctx, notice.kind, and(kind, rest))
  const total = filter.kind ? (kinds[filter.kind] ?? 0) : Object.values(kinds).reduce((sum, n) => sum + n, 0)
  return { items: rows.map(itemOf), total, page, pageSize, kinds, stages }
}

/** A notice as published, with its neighbours: every notice of the same lot. Refuses not-found. */
export async function readNotice(ctx: Ctx, id: string) {
  const [row] = await from(ctx).where(eq(notice.id, id))
  refuseUnless(row, 'not-found')
  const [text] = await ctx.db.select().from(notice).where(eq(notice.id, id))
  const { body, bodyHash, supersedes, paperFileId, entryId } = text!
  const sameLot = await listLotNotices(ctx, row.lotId)
  const paperId = await readNoticePaper(ctx, row)
  return { ...itemOf(row), body, bodyHash, supersedes, paperFileId, paperId, entryId, sameLot }
}

/** The notices of a lot, oldest first. */
export async function listLotNotices(ctx: Ctx, lotId: string): Promise<NoticeItem[]> {
  const rows = await from(ctx).where(eq(notice.lotId, lotId)).orderBy(notice.publishedAt)
  return rows.map(itemOf)
}

/** What everybody may know of an announced lot; refuses not-found before its notice. Nothing about bids. */
export async function readPublicLot(ctx: Ctx, lotId: string) {
  const { lot: row, project: owner, edition } = await findLot(ctx, lotId)
  const notices = await listLotNotices(ctx, lotId)
  refuseUnless(notices.length > 0, 'not-found')
  const {
    id,
    code,
    name,
    content,
    qualification,
    state,
    round,
    suite,
    releaseMode,
    threshold,
    releaseSeconds,
    scoring,
    ceilingFen,
  } = row
  const { biddingStartsAt, biddingEndsAt, documentEndsAt, termsVersion, failReason } = row
  const { agencyId: _agency, ...ofProject } = owner
  return {
    ...{
      id,
      code,
      name,
      content,
      qualification,
      state,
      round,
      suite,
      releaseMode,
      threshold,
      releaseSeconds,
      scoring,
      ceilingFen,
    },
    ...{ biddingStartsAt, biddingEndsAt, documentEndsAt, termsVersion, failReason },
    project: ofProject,
    edition: { id: edition.id, name: edition.name, watermark: edition.watermark },
    notices,
    documents: await listPublicDocuments(ctx, lotId),
  }
}
