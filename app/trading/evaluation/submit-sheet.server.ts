import { canonicalize } from '@/crypto/jcs'
import { evaluationSheet } from '@/db/schema/trading/evaluation'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { lockLot } from '../lot/find-lot.server'
import type { Scoring } from '../lot/scoring'
import { readOpening } from '../opening/read.server'
import { listMarks, listSheets, reviewedOf } from './evaluation.read.server'
import { sha256Hex } from './report.server'
import { finishReview } from './review.server'
import { listWhole, ownSeat, refuseLocked } from './seat.server'

type Marks = Awaited<ReturnType<typeof listMarks>>
type NamedBid = { id: string; name: string }

/** What is still missing: every compliance item of every bid, and points for bids this expert did not fail. */
function missingOf(scoring: Scoring, bids: NamedBid[], { compliance, scores }: Marks): string[] {
  return bids.flatMap(bid => {
    const found = compliance.filter(mark => mark.bidId === bid.id)
    const open = scoring.compliance
      .filter(item => !found.some(mark => mark.item === item.code))
      .map(item => `${bid.name}：${item.text}`)
    if (found.some(mark => !mark.pass)) return open
    const unscored = scoring.items.filter(item => !scores.some(mark => mark.bidId === bid.id && mark.item === item.code))
    return [...open, ...unscored.map(item => `${bid.name}：${item.name}`)]
  })
}

async function lockOwnSheet(ctx: Ctx, lotId: string) {
  const { lot } = await lockLot(ctx, lotId)
  const { expertId } = await ownSeat(ctx, lotId)
  refuseUnless(lot.state === 'evaluating', 'wrong-state', { state: '未在评标', event: '提交评审表' })
  await refuseLocked(ctx, lot, expertId)
  const opening = await readOpening(ctx, lotId)
  const bids = reviewedOf(opening).map(one => ({ id: one.bid.id, name: one.organisation }))
  const marks = await listMarks(
    ctx,
    bids.map(bid => bid.id),
    expertId,
  )
  const missing = missingOf(lot.scoring as Scoring, bids, marks)
  refuseUnless(missing.length === 0, 'sheet-incomplete', { missing: String(missing.length), first: missing[0] ?? '' })
  const sheet = {
    compliance: marks.compliance.map(m => [m.bidId, m.item, m.pass, m.reason]),
    scores: marks.scores.map(m => [m.bidId, m.item, m.score]),
  }
  const sheetHash = sha256Hex(canonicalize(sheet))
  await ctx.db.insert(evaluationSheet).values({ lotId, round: lot.round, expertId, sheetHash, lockedAt: ctx.now })
  return { lot, opening, expertId, sheetHash }
}

/**
 * Hands in and locks the expert's own sheet; from then on it never changes. When the last member has handed in, the price
 * scores, the totals and the ranking are computed and the report stands ready to be signed; of two envelopes (双信封) it is
 * then known who passed the first, and the report waits for the prices in the second.
 */
export const submitSheet = command(
  'evaluation.act',
  async (ctx, { lotId }: { lotId: string }) => {
    const { lot, opening, expertId, sheetHash } = await lockOwnSheet(ctx, lotId)
    const members = await listWhole(ctx, lotId)
    const sheets = await listSheets(ctx, lot)
    const isLast = members?.every(member => sheets.some(sheet => sheet.expertId === member.expertId)) ?? false
    const { reportHash, review } =
      isLast && members ? await finishReview(ctx, opening, members) : { reportHash: null, review: null }
    return { result: { isLast, reportHash }, entry: { lotId, facts: { expert: expertId, sheetHash, reportHash, review } } }
  },
  'evaluation.submit',
)
