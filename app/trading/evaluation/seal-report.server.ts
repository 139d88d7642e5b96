import { and, eq, isNull } from 'drizzle-orm'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { lot as lotTable } from '@/db/schema/trading/project'
import { command, type Outcome } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { readMemberNames } from '../draw/committee.server'
import { noteLooks } from '../expert/look.server'
import { findLot, lockLot, moveLot } from '../lot/find-lot.server'
import { scoringOf } from '../lot/scoring'
import { insertNotice } from '../notice/insert-notice.server'
import { keepPaper, type NewPaper, sealedPdf } from '../opening/keep-paper.server'
import { listSignatures, readReport } from './evaluation.read.server'
import { parseReport } from './report-content'
import { reportBlocks } from './report-paper'
import { listSeated } from './seat.server'
import { isSigned } from './sign-report.server'

const failureText = { responsive: '有效投标不足三个', 'all-rejected': '全部投标被否决' }

/**
 * Ends the evaluation once its paper is sealed: the lot is evaluated, or, where too few bids respond, it fails with the law's
 * sentence and a failure notice (tender-rules 1.5).
 */
const endEvaluation = command(
  'evaluation.read',
  async (ctx, { lotId, paper, pdf }: { lotId: string; paper: NewPaper; pdf: Uint8Array }): Promise<Outcome<string>> => {
    const { lot, project } = await lockLot(ctx, lotId)
    const report = await readReport(ctx, lot)
    refuseUnless(report, 'report-missing')
    if (lot.state !== 'evaluating') return { result: lot.state, entry: null }
    const { outcome } = parseReport(report.content)
    const { id: paperId } = await keepPaper(ctx, paper, pdf)
    const members = (await listSeated(ctx, lotId)).filter(one => one.role === 'expert')
    await noteLooks(
      ctx,
      members.map(one => one.expertId),
      '评标报告载明评委姓名',
    )
    await ctx.db.update(evaluationReport).set({ sealedAt: ctx.now }).where(eq(evaluationReport.hash, report.hash))
    if (outcome.ok) {
      const moved = await moveLot(ctx, lot, 'report')
      return { result: moved.state, entry: { lotId, facts: { reportHash: report.hash, paper: paperId } } }
    }
    const sentence = `${failureText[outcome.stage]}（${outcome.article}）。${outcome.todo}`
    const moved = await moveLot(ctx, lot, 'fail', { failReason: sentence })
    const body = `${project.name}\n${lot.name}（${lot.code}）\n\n${sentence}`
    await insertNotice(ctx, { lot: moved, kind: 'failure', title: `${lot.name} 流标公告`, body })
    return { result: moved.state, entry: { lotId, facts: { reportHash: report.hash, paper: paperId, failed: outcome.stage } } }
  },
  'evaluation.end',
)

/** The report as a paper: facts, sheets, result, and each member's word with name, for agency and supervisor alone (招标投标法 37). */
async function reportPaper(ctx: Ctx, lotId: string): Promise<NewPaper> {
  const { lot, project } = await findLot(ctx, lotId)
  const report = await readReport(ctx, lot)
  refuseUnless(report, 'report-missing')
  const names = await readMemberNames(ctx, lotId)
  const members = (await listSeated(ctx, lotId)).map(member => ({ ...member, name: names.get(member.expertId) ?? '' }))
  const signatures = await listSignatures(ctx, lot)
  const words = members.map(member => ({ ...member, word: signatures.find(one => one.expertId === member.expertId) ?? null }))
  const blocks = reportBlocks({
    lot: { ...lot, scoring: scoringOf(lot) },
    project,
    content: parseReport(report.content),
    hash: report.hash,
    words,
  })
  const content = { title: '评标报告', number: lot.code, issuer: '评标委员会', at: ctx.now, recordHash: report.hash, blocks }
  return { lotId, kind: 'evaluation-report', audience: 'owner', content }
}

/** Seals the report once every member has said a word: made outside the transaction, kept inside; doing it twice does it once. */
export async function sealReport(ctx: Ctx, { lotId }: { lotId: string }): Promise<void> {
  const { lot } = await findLot(ctx, lotId)
  if (lot.state !== 'evaluating' || !(await isSigned(ctx, lotId))) return
  const paper = await reportPaper(ctx, lotId)
  await endEvaluation(ctx, { lotId, paper, pdf: await sealedPdf(ctx, paper.content) })
}

/** Lots whose report waits for its seal: what the clock looks at. */
export async function listSealable(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db
    .select({ lotId: evaluationReport.lotId })
    .from(evaluationReport)
    .innerJoin(lotTable, and(eq(lotTable.id, evaluationReport.lotId), eq(lotTable.round, evaluationReport.round)))
    .where(and(isNull(evaluationReport.sealedAt), eq(lotTable.state, 'evaluating')))
  const ready = await Promise.all(rows.map(async ({ lotId }) => ((await isSigned(ctx, lotId)) ? [lotId] : [])))
  return ready.flat()
}
