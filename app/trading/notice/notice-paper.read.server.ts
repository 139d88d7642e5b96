import { and, eq } from 'drizzle-orm'
import { paper } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import type { NoticeRow } from './insert-notice.server'

/** The kind under which a notice's PDF stands among the papers of its lot; their versions go together. */
export const noticePaperKind = (kind: NoticeRow['kind']) => `notice-${kind}`

/** The id of a notice's signed PDF, or null while it is being made. */
export async function readNoticePaper(
  ctx: Ctx,
  row: { lotId: string; kind: NoticeRow['kind']; version: number },
): Promise<string | null> {
  const own = and(eq(paper.lotId, row.lotId), eq(paper.kind, noticePaperKind(row.kind)), eq(paper.version, row.version))
  const [found] = await ctx.db.select({ id: paper.id }).from(paper).where(own)
  return found?.id ?? null
}
