import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import { complianceMark, evaluationReport, evaluationSheet, evaluationSignature, scoreMark } from '@/db/schema/trading/evaluation'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { readLot } from '../lot/find-lot.server'
import { openingTermsOf } from '../lot/opening-terms'
import type { Scoring } from '../lot/scoring'
import { type OpenedBid, type ReadOpening, readOpening } from '../opening/read.server'
import type { LotRow } from '../project/project.read.server'
import { listSeated } from './seat.server'

/** Lot states from which the evaluation exists. */
const evaluationStates = ['evaluating', 'evaluated', 'publicity', 'awarded', 'archived', 'failed'] as const

/** Bids the committee reviews: those that were opened, of two envelopes (双信封) the first, whatever became of the second. */
export const reviewedOf = ({ bids }: ReadOpening): OpenedBid[] =>
  bids.filter(({ bid }) => bid.state === 'decrypted' || bid.firstEnvelope !== null)

/** Bids that were decrypted and read out: only these can win. */
export const openedOf = (opening: ReadOpening): (OpenedBid & { read: NonNullable<OpenedBid['read']> })[] =>
  opening.bids.filter(
    (one): one is OpenedBid & { read: NonNullable<OpenedBid['read']> } => one.bid.state === 'decrypted' && one.read !== null,
  )

export async function listMarks(ctx: Ctx, bidIds: string[], expertId?: string) {
  if (bidIds.length === 0) return { compliance: [], scores: [] }
  const own = <T extends typeof complianceMark | typeof scoreMark>(table: T) =>
    and(inArray(table.bidId, bidIds), expertId ? eq(table.expertId, expertId) : undefined)
  const compliance = await ctx.db.select().from(complianceMark).where(own(complianceMark)).orderBy(asc(complianceMark.item))
  const scores = await ctx.db.select().from(scoreMark).where(own(scoreMark)).orderBy(asc(scoreMark.item))
  return { compliance, scores }
}

export const listSheets = (ctx: Ctx, lot: LotRow) =>
  ctx.db
    .select()
    .from(evaluationSheet)
    .where(and(eq(evaluationSheet.lotId, lot.id), eq(evaluationSheet.round, lot.round)))

export async function readReport(ctx: Ctx, lot: Pick<LotRow, 'id' | 'round'>) {
  const [row] = await ctx.db
    .select()
    .from(evaluationReport)
    .where(and(eq(evaluationReport.lotId, lot.id), eq(evaluationReport.round, lot.round)))
  return row ?? null
}

export const listSignatures = (ctx: Ctx, lot: Pick<LotRow, 'id' | 'round'>) =>
  ctx.db
    .select()
    .from(evaluationSignature)
    .where(and(eq(evaluationSignature.lotId, lot.id), eq(evaluationSignature.round, lot.round)))
    .orderBy(asc(evaluationSignature.at))

/** Who asks: a seated expert, or the agency or supervisor of the lot. Anybody else is told not-found. */
async function viewerOf(ctx: Ctx, lotId: string): Promise<string | null> {
  if (ctx.actor.kind === 'person' && ctx.actor.role === 'expert') {
    const own = (await listSeated(ctx, lotId)).find(member => member.personId === personOf(ctx).personId)
    refuseUnless(own, 'not-found')
    return own.expertId
  }
  await readLot(ctx, lotId)
  return null
}

/**
 * The evaluation as its viewer may see it: a member the bids, the items and the own sheet; agency and supervisor who has
 * handed in, and the marks only once the report is made (expert's scores are nobody's business before, 财政部令第87号 62).
 */
export async function readEvaluation(ctx: Ctx, lotId: string) {
  const expertId = await viewerOf(ctx, lotId)
  const opening = await readOpening(ctx, lotId)
  const { lot } = opening
  refuseUnless(
    evaluationStates.some(state => state === lot.state),
    'not-found',
  )
  const [members, sheets, report, signatures] = [
    await listSeated(ctx, lotId),
    await listSheets(ctx, lot),
    await readReport(ctx, lot),
    await listSignatures(ctx, lot),
  ]
  const bids = reviewedOf(opening)
  const marks = expertId
    ? await listMarks(
        ctx,
        bids.map(one => one.bid.id),
        expertId,
      )
    : { compliance: [], scores: [] }
  return {
    lot: { id: lot.id, code: lot.code, name: lot.name, state: lot.state, round: lot.round, ceilingFen: lot.ceilingFen },
    envelopes: openingTermsOf(lot).envelopes,
    openingPhase: opening.opening.phase,
    scoring: lot.scoring as Scoring,
    me: expertId,
    members: members.map(member => ({
      expertId: member.expertId,
      code: member.code,
      seat: member.seat,
      lockedAt: sheets.find(sheet => sheet.expertId === member.expertId)?.lockedAt ?? null,
      answer: signatures.find(one => one.expertId === member.expertId)?.answer ?? null,
    })),
    bids: bids.map(one => ({
      id: one.bid.id,
      name: one.organisation,
      creditCode: one.creditCode,
      // Null while the price is in the second of two envelopes (双信封).
      priceFen: one.read?.priceFen ?? null,
      form: one.read?.form ?? null,
      firstEnvelope: one.bid.firstEnvelope,
      files: one.files.map(file => ({ id: file.id, role: file.role, plainFileId: file.plainFileId, problem: file.problem })),
    })),
    compliance: marks.compliance.map(({ bidId, item, pass, reason }) => ({ bidId, item, pass, reason })),
    scores: marks.scores.map(({ bidId, item, score }) => ({ bidId, item, score })),
    report: report
      ? { hash: report.hash, content: JSON.parse(report.content) as Json, madeAt: report.madeAt, sealedAt: report.sealedAt }
      : null,
  }
}

export type Evaluation = Awaited<ReturnType<typeof readEvaluation>>
