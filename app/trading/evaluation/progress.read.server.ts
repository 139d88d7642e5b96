import { and, desc, eq } from 'drizzle-orm'
import { paper } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { readEvaluation, readReport } from './evaluation.read.server'
import { parseReport } from './report-content'

/** The evaluation for the agency and the supervisor: who has handed in and signed, the result once made, the sealed paper. */
export async function readProgress(ctx: Ctx, lotId: string) {
  const { lot, members } = await readEvaluation(ctx, lotId)
  const row = await readReport(ctx, lot)
  const ofKind = and(eq(paper.lotId, lotId), eq(paper.kind, 'evaluation-report'))
  const [sealed] = await ctx.db.select({ id: paper.id }).from(paper).where(ofKind).orderBy(desc(paper.version)).limit(1)
  const content = row ? parseReport(row.content) : null
  return {
    lot,
    members,
    report: row && content ? { hash: row.hash, result: content.result, outcome: content.outcome } : null,
    paperId: sealed?.id ?? null,
  }
}
