import { createHash } from 'node:crypto'
import { canonicalize, type Json } from '@/crypto/jcs'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import type { Ctx } from '~/platform/ctx'
import { plainYuan } from '~/shared/money'
import type { Member } from '../draw/committee.server'
import type { Scoring } from '../lot/scoring'
import { bidStateText } from '../opening/opening.text'
import type { OpenedBid, ReadOpening } from '../opening/read.server'
import { isTooFew, tooFewOutcome } from '../rules/fewer-than-three'
import { evaluate } from './evaluation'
import { listMarks, reviewedOf } from './evaluation.read.server'
import type { ReportContent, ReportOutcome } from './report-content'

export const sha256Hex = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** What the result means for the lot: enough responsive bids, or the law's consequence (tender-rules 1.5). */
export function outcomeOf({ edition }: Pick<ReadOpening, 'edition'>, valid: number): ReportOutcome {
  const stage = valid === 0 ? 'all-rejected' : isTooFew(edition, valid) ? 'responsive' : null
  if (stage === null) return { ok: true }
  const { mayContinue, article, todo } = tooFewOutcome(edition, stage)
  return mayContinue ? { ok: true } : { ok: false, stage, article, todo }
}

/** A bid with its price, or why the second of two envelopes (双信封) brought none; nothing is said while it is not opened yet. */
function evaluatedOf({ bid, organisation, creditCode, read }: OpenedBid) {
  const price = read ? plainYuan(read.priceFen) : null
  const isPending = bid.state === 'decrypted' || bid.state === 'locked'
  const unpriced = read || isPending ? {} : { unpriced: bidStateText[bid.state] }
  return { id: bid.id, name: organisation, creditCode, price, ...unpriced }
}

/** What members who sit found: nobody else's marks count (《招标投标法实施条例》48). */
export async function sittingMarks(ctx: Ctx, bidIds: string[], members: Member[]) {
  const codeOf = new Map(members.map(member => [member.expertId, member.code]))
  const { compliance, scores } = await listMarks(ctx, bidIds)
  const sitting = <T extends { expertId: string }>(rows: T[]) =>
    rows.filter(row => codeOf.has(row.expertId)).map(row => ({ ...row, expert: codeOf.get(row.expertId)! }))
  return { compliance: sitting(compliance), scores: sitting(scores) }
}

/** Computes the report from the locked sheets and keeps it; the same sheets always give the same report but for its time. */
export async function makeReport(ctx: Ctx, opening: ReadOpening, members: Member[]): Promise<string> {
  const { lot, project, edition } = opening
  const bids = reviewedOf(opening)
  const marks = await sittingMarks(
    ctx,
    bids.map(one => one.bid.id),
    members,
  )
  const result = evaluate({
    ...marks,
    scoring: lot.scoring as Scoring,
    ruleSet: edition.ruleSet,
    ceiling: plainYuan(lot.ceilingFen),
    maximumCandidates: edition.maximumCandidates,
    bids: bids.map(evaluatedOf),
  })
  const content: ReportContent = {
    t: 'tbid/evaluation.report@1',
    platform: ctx.platform.config.platformId,
    project: project.code,
    lot: lot.code,
    round: lot.round,
    method: (lot.scoring as Scoring).method,
    committee: members.map(({ code, seat }) => ({ code, seat })),
    sheets: members.map(({ code }) => ({
      expert: code,
      compliance: marks.compliance
        .filter(m => m.expert === code)
        .map(m => [m.bidId, m.item, m.pass ? '通过' : '不通过', m.reason]),
      scores: marks.scores.filter(m => m.expert === code).map(m => [m.bidId, m.item, m.score]),
    })),
    result,
    outcome: outcomeOf(opening, result.bids.filter(bid => bid.rejections.length === 0).length),
    madeAt: ctx.now.toISOString(),
  }
  const text = canonicalize(JSON.parse(JSON.stringify(content)) as Json)
  await ctx.db
    .insert(evaluationReport)
    .values({ lotId: lot.id, round: lot.round, content: text, hash: sha256Hex(text), madeAt: ctx.now })
  return sha256Hex(text)
}
