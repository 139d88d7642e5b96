import { createHash, randomUUID } from 'node:crypto'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { storedFile } from '@/db/schema/platform/files'
import { documentRelease, notice, type noticeKinds, tenderDocument } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { promise } from '~/platform/outbox/promise.server'
import type { LotRow } from '../project/project.read.server'
import { searchTermsOf } from './search'

export type NoticeRow = typeof notice.$inferSelect

export type NewNotice = {
  lot: LotRow
  kind: (typeof noticeKinds)[number]
  title: string
  body: string
  /** The lot's deadline as this notice tells it. */
  biddingEndsAt?: Date | null
  /** End of the notice's own period (公告期限, 公示期). */
  periodEndsAt?: Date | null
  paperFileId?: string | null
  supersedes?: string | null
}

/** The latest notice of these kinds of a lot, or null. */
export async function latestNotice(ctx: Ctx, lotId: string, kind: NoticeRow['kind']): Promise<NoticeRow | null> {
  const ofKind = and(eq(notice.lotId, lotId), eq(notice.kind, kind))
  const [row] = await ctx.db.select().from(notice).where(ofKind).orderBy(desc(notice.version)).limit(1)
  return row ?? null
}

/** Kinds whose signed PDF a job makes: records, candidates and results have a paper of their own that says more than the notice does. */
export const signedKinds: NoticeRow['kind'][] = ['tender', 'correction', 'failure', 'termination']

/**
 * Publishes a notice (公告/公示) of a lot inside the caller's command: immutable, versioned per kind, searchable,
 * an entry of its own in the log. The caller holds the lot's lock.
 */
export async function insertNotice(ctx: Ctx, input: NewNotice): Promise<NoticeRow> {
  const { lot: ofLot, kind, title, body } = input
  const version = ((await latestNotice(ctx, ofLot.id, kind))?.version ?? 0) + 1
  const bodyHash = createHash('sha256').update(body, 'utf8').digest('hex')
  const facts = { notice: randomUUID(), kind, version, title, bodyHash, lot: ofLot.code }
  const until = { biddingEndsAt: input.biddingEndsAt ?? null, periodEndsAt: input.periodEndsAt ?? null }
  const texts = {
    biddingEndsAt: until.biddingEndsAt?.toISOString() ?? null,
    periodEndsAt: until.periodEndsAt?.toISOString() ?? null,
  }
  const entry = await append(ctx, 'notice.publish', { lotId: ofLot.id, facts: { ...facts, ...texts } })
  const row: NoticeRow = {
    ...until,
    id: facts.notice,
    lotId: ofLot.id,
    kind,
    version,
    title,
    body,
    bodyHash,
    paperFileId: input.paperFileId ?? null,
    entryId: entry.entryId,
    supersedes: input.supersedes ?? null,
    search: searchTermsOf([title, body, ofLot.name, ofLot.code, ofLot.code.slice(0, 17)].join('\n')),
    publishedAt: ctx.now,
  }
  await ctx.db.insert(notice).values(row)
  if (signedKinds.includes(kind) && !row.paperFileId) await promise(ctx, 'trading.notice.paper', { noticeId: row.id })
  return row
}

/** Makes the tender documents that wait for it public with this notice: anybody may download them, without a gate (PRT-34). */
export async function releaseDocuments(ctx: Ctx, { id, lotId }: NoticeRow): Promise<number> {
  const waiting = await ctx.db
    .select({ documentId: tenderDocument.id, fileId: tenderDocument.fileId })
    .from(tenderDocument)
    .leftJoin(documentRelease, eq(documentRelease.documentId, tenderDocument.id))
    .where(and(eq(tenderDocument.lotId, lotId), isNull(documentRelease.noticeId)))
  for (const { documentId, fileId } of waiting) {
    await ctx.db.insert(documentRelease).values({ documentId, noticeId: id })
    await ctx.db.update(storedFile).set({ audience: 'public' }).where(eq(storedFile.id, fileId))
  }
  return waiting.length
}
