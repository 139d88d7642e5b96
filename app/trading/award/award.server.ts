import { and, eq } from 'drizzle-orm'
import { award } from '@/db/schema/trading/evaluation'
import { lot as lotTable } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { ownedBy } from '~/platform/identity/authorise.server'
import { groupYuan } from '~/shared/money'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { readCommittee, readMemberNames } from '../draw/committee.server'
import type { BidResult } from '../evaluation/evaluation'
import { noteLooks } from '../expert/look.server'
import { type FoundLot, findLot, lockOwnLot, moveLot } from '../lot/find-lot.server'
import { insertNotice, latestNotice } from '../notice/insert-notice.server'
import { keepPaper, type NewPaper, sealedPdf } from '../opening/keep-paper.server'
import type { AwardInput } from './award.form.server'
import { awardBlocks } from './award-paper'
import { sealedReport } from './candidates.server'

export type AwardRow = typeof award.$inferSelect

/** The candidate that may win: the first-ranked, or another with a written reason (条例 55). */
function winnerOf(candidates: string[], bids: BidResult[], { bidId, reason }: AwardInput): BidResult {
  const rank = candidates.indexOf(bidId)
  if (rank < 0) throw new Refusal('not-a-candidate')
  if (rank > 0 && reason === '') throw new Refusal('first-ranked-must-win', { field: 'reason' })
  return bids.find(bid => bid.id === bidId)!
}

/** Refuses publicity-running while the candidates' publicity has not ended (条例 54). */
async function refuseEarly(ctx: Ctx, lotId: string): Promise<void> {
  const notice = await latestNotice(ctx, lotId, 'candidates')
  const endsAt = notice?.periodEndsAt
  refuseUnless(!endsAt || endsAt <= ctx.now, 'publicity-running', { endsAt: endsAt ? formatInstant(endsAt) : '' })
}

function awardPaper(ctx: Ctx, { lot, project }: FoundLot, winner: BidResult, hash: string): NewPaper {
  const blocks = awardBlocks({ lot, project, winner })
  const content = { title: '中标通知书', number: lot.code, issuer: project.tendererName, at: ctx.now, recordHash: hash, blocks }
  return { lotId: lot.id, kind: 'award-notice', audience: 'public', content }
}

/** The result notice: winner, price, and for government procurement the committee too (财政部令第87号 69). */
async function resultBody(ctx: Ctx, { lot, project, edition }: FoundLot, winner: BidResult): Promise<string> {
  const names = edition.ruleSet === 'procurement' ? [...(await readMemberNames(ctx, lot.id)).values()] : []
  return [
    `${project.name} ${lot.name}（${lot.code}）`,
    `中标人：${winner.name}（${winner.creditCode}）`,
    `中标价：${groupYuan(winner.price ?? '')} 元`,
    `招标人：${project.tendererName}，联系人：${project.contact}，电话：${project.phone}`,
    ...(names.length ? [`评审专家：${names.join('、')}`] : []),
    '中标通知书见附件。招标人和中标人应当自中标通知书发出之日起 30 日内订立书面合同（《招标投标法》第四十六条）。',
  ].join('\n')
}

/** Each member reads in the own record that the notice names him. */
async function notePublished(ctx: Ctx, lotId: string): Promise<void> {
  const { members } = await readCommittee(ctx, lotId)
  await noteLooks(
    ctx,
    members.filter(one => one.role === 'expert').map(one => one.expertId),
    '中标结果公告载明评审专家（财政部令第87号第六十九条）',
  )
}

const keepAward = command(
  'award.write',
  async (ctx, input: AwardInput & { paper: NewPaper; pdf: Uint8Array; body: string }) => {
    const found = await lockOwnLot(ctx, input.lotId)
    const { content } = await sealedReport(ctx, found)
    const winner = winnerOf(content.result.candidates, content.result.bids, input)
    await refuseEarly(ctx, input.lotId)
    const moved = await moveLot(ctx, found.lot, 'award')
    if (found.edition.ruleSet === 'procurement') await notePublished(ctx, input.lotId)
    const paper = await keepPaper(ctx, input.paper, input.pdf)
    const basis = content.result.candidates
    await ctx.db
      .insert(award)
      .values({ lotId: input.lotId, round: moved.round, bidId: winner.id, reason: input.reason, basis, awardedAt: ctx.now })
    const title = `${found.lot.name} 中标结果公告`
    const notice = await insertNotice(ctx, { lot: moved, kind: 'result', title, body: input.body, paperFileId: paper.fileId })
    const facts = { bid: winner.id, reason: input.reason, paper: paper.id, sha256: paper.sha256, notice: notice.id }
    return { result: { paperId: paper.id, noticeId: notice.id, winner: winner.name }, entry: { lotId: input.lotId, facts } }
  },
  'award.decide',
)

/**
 * Determines the winner (定标) after the publicity: the award notice (中标通知书) is sealed, the result published, and every
 * loser can read it at the same time (招标投标法 45). Refuses publicity-running, not-a-candidate, first-ranked-must-win.
 */
export async function decideAward(ctx: Ctx, input: AwardInput) {
  const found = await findLot(ctx, input.lotId)
  ownedBy(ctx, found.project.agencyId)
  const { content, hash } = await sealedReport(ctx, found)
  const winner = winnerOf(content.result.candidates, content.result.bids, input)
  await refuseEarly(ctx, input.lotId)
  const paper = awardPaper(ctx, found, winner, hash)
  const pdf = await sealedPdf(ctx, paper.content)
  return keepAward(ctx, { ...input, paper, pdf, body: await resultBody(ctx, found, winner) })
}

/** The award of a lot's current round, or null. */
export async function readAward(ctx: Ctx, lotId: string): Promise<AwardRow | null> {
  const current = and(eq(lotTable.id, award.lotId), eq(lotTable.round, award.round))
  const [row] = await ctx.db.select({ award }).from(award).innerJoin(lotTable, current).where(eq(award.lotId, lotId))
  return row?.award ?? null
}
