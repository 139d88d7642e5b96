import { and, eq, inArray, isNull } from 'drizzle-orm'
import { canonicalize } from '@/crypto/jcs'
import { bid } from '@/db/schema/trading/bid'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { opening } from '@/db/schema/trading/opening'
import { lot as lotTable } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import type { Member } from '../draw/committee.server'
import { lockLot } from '../lot/find-lot.server'
import { openingTermsOf } from '../lot/opening-terms'
import { scoringOf } from '../lot/scoring'
import { type ReadOpening, readOpening } from '../opening/read.server'
import type { LotRow } from '../project/project.read.server'
import { failedItems } from './evaluation'
import { listSheets, readReport, reviewedOf } from './evaluation.read.server'
import { makeReport, outcomeOf, sha256Hex, sittingMarks } from './report.server'
import { listWhole } from './seat.server'

export type Finished = { reportHash: string | null; review: { hash: string; passed: string[]; rejected: string[] } | null }

/** Who passes the first of two envelopes (双信封): no compliance item failed by most of the members, as their locked sheets say. */
async function judgeFirst(ctx: Ctx, read: ReadOpening, members: Member[]) {
  const bids = reviewedOf(read)
  const ids = bids.map(one => one.bid.id)
  const { compliance } = await sittingMarks(ctx, ids, members)
  const judged = bids.map(one => ({
    id: one.bid.id,
    statement: one.bid.statementHash,
    rejections: failedItems(one.bid.id, scoringOf(read.lot), compliance),
  }))
  const passes = ({ rejections }: (typeof judged)[number]) => rejections.length === 0
  return { judged, passed: judged.filter(passes), rejected: judged.filter(one => !passes(one)) }
}

const set = (ctx: Ctx, bids: { id: string }[], firstEnvelope: 'passed' | 'rejected') =>
  ctx.db
    .update(bid)
    .set({ firstEnvelope })
    .where(
      inArray(
        bid.id,
        bids.map(one => one.id),
      ),
    )

/**
 * The review of the first envelope is done: who passed is kept, and the second may be called. Where nobody passed, or too few
 * for the law (tender-rules 1.5), no second envelope is opened and the report is made at once.
 */
async function reviewFirst(ctx: Ctx, read: ReadOpening, members: Member[]): Promise<Finished> {
  const { judged, passed, rejected } = await judgeFirst(ctx, read, members)
  if (passed.length > 0) await set(ctx, passed, 'passed')
  if (rejected.length > 0) await set(ctx, rejected, 'rejected')
  const statements = (list: { statement: string }[]) => list.map(one => one.statement)
  const review = { hash: sha256Hex(canonicalize(judged)), passed: statements(passed), rejected: statements(rejected) }
  const mayGoOn = outcomeOf(read, passed.length).ok
  return { reportHash: mayGoOn ? null : await makeReport(ctx, read, members), review }
}

/** What the last sheet leads to: the report; of two envelopes (双信封) first who passed, and the report once the prices are read out. */
export async function finishReview(ctx: Ctx, read: ReadOpening, members: Member[]): Promise<Finished> {
  const isTwo = openingTermsOf(read.lot).envelopes === 2
  if (isTwo && read.opening.phase === 'intermission') return reviewFirst(ctx, read, members)
  const isRead = !isTwo || read.opening.phase === 'recorded'
  return { reportHash: isRead ? await makeReport(ctx, read, members) : null, review: null }
}

/** The members, if every seat is filled and every sheet locked. */
async function listFinished(ctx: Ctx, lot: LotRow): Promise<Member[] | null> {
  const [members, sheets] = [await listWhole(ctx, lot.id), await listSheets(ctx, lot)]
  const isReady = members?.every(member => sheets.some(sheet => sheet.expertId === member.expertId))
  return isReady ? members : null
}

/** Scores the prices of a lot whose second envelope was read out, ranks, and makes the report from the sheets that were locked before. */
export const reportPrices = command(
  'evaluation.read',
  async (ctx, { lotId }: { lotId: string }) => {
    const { lot } = await lockLot(ctx, lotId)
    const read = await readOpening(ctx, lotId)
    if (lot.state !== 'evaluating' || read.opening.phase !== 'recorded') return { result: null, entry: null }
    const members = await listFinished(ctx, lot)
    if (!members || (await readReport(ctx, lot))) return { result: null, entry: null }
    const reportHash = await makeReport(ctx, read, members)
    return { result: null, entry: { lotId, facts: { reportHash } } }
  },
  'evaluation.report',
)

/** Lots under evaluation whose second envelope (双信封) is recorded, whose sheets are locked and whose report is not made. */
export async function listPriced(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db
    .select({ lot: lotTable })
    .from(lotTable)
    .innerJoin(opening, and(eq(opening.lotId, lotTable.id), eq(opening.round, lotTable.round)))
    .leftJoin(evaluationReport, and(eq(evaluationReport.lotId, lotTable.id), eq(evaluationReport.round, lotTable.round)))
    .where(
      and(
        eq(lotTable.state, 'evaluating'),
        eq(opening.phase, 'recorded'),
        eq(opening.stage, 'price'),
        isNull(evaluationReport.hash),
      ),
    )
  const ready = await Promise.all(rows.map(async ({ lot }) => ((await listFinished(ctx, lot)) ? [lot.id] : [])))
  return ready.flat()
}
