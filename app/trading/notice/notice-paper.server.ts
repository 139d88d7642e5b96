import { and, eq, max } from 'drizzle-orm'
import { paper } from '@/db/schema/trading/opening'
import { notice } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { findLot, lockLot } from '../lot/find-lot.server'
import { keepPaper, type NewPaper, sealedPdf } from '../opening/keep-paper.server'
import type { NoticeRow } from './insert-notice.server'
import { noticeKindText } from './notice.text'
import { noticePaperKind } from './notice-paper.read.server'

async function paperContent(ctx: Ctx, row: NoticeRow): Promise<NewPaper['content']> {
  const { lot, project } = await findLot(ctx, row.lotId)
  const { publicUrl } = ctx.platform.config
  return {
    title: noticeKindText[row.kind],
    number: `${lot.code}-${row.version}`,
    issuer: project.tendererName,
    at: row.publishedAt,
    recordHash: row.bodyHash,
    ...(publicUrl ? { verifyUrl: `${publicUrl}/notices/${row.id}` } : {}),
    blocks: [{ kind: 'heading', text: row.title }, ...row.body.split('\n').map(text => ({ kind: 'text' as const, text }))],
  }
}

async function lastVersion(ctx: Ctx, row: NoticeRow): Promise<number> {
  const sameKind = and(eq(paper.lotId, row.lotId), eq(paper.kind, noticePaperKind(row.kind)))
  const [last] = await ctx.db
    .select({ version: max(paper.version) })
    .from(paper)
    .where(sameKind)
  return last?.version ?? 0
}

const keep = command(
  'notice.publish',
  async (ctx, { row, content, pdf }: { row: NoticeRow; content: NewPaper['content']; pdf: Uint8Array }) => {
    await lockLot(ctx, row.lotId)
    const last = await lastVersion(ctx, row)
    if (last >= row.version) return { result: null, entry: null }
    if (last < row.version - 1) throw new Error(`the paper of version ${row.version - 1} comes first`)
    return {
      result: await keepPaper(ctx, { lotId: row.lotId, kind: noticePaperKind(row.kind), audience: 'public', content }, pdf),
      entry: null,
    }
  },
)

/**
 * Makes the signed PDF of a notice (电子招标投标办法 40: notices are e-signed). Done twice it is made once; versions are kept in order,
 * a later one fails and is tried again. It stands in the list of the lot's papers.
 */
export async function makeNoticePaper(ctx: Ctx, { noticeId }: { noticeId: string }): Promise<void> {
  const [row] = await ctx.db.select().from(notice).where(eq(notice.id, noticeId))
  if (!row || (await lastVersion(ctx, row)) >= row.version) return
  const content = await paperContent(ctx, row)
  await keep(ctx, { row, content, pdf: await sealedPdf(ctx, content) })
}
