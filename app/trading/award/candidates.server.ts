import { command } from '~/platform/audit/command.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { groupYuan } from '~/shared/money'
import { refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { openedOf, readReport } from '../evaluation/evaluation.read.server'
import { parseReport, type ReportContent } from '../evaluation/report-content'
import { type FoundLot, lockOwnLot, moveLot } from '../lot/find-lot.server'
import { judgeDates } from '../notice/dates.server'
import { insertNotice, latestNotice } from '../notice/insert-notice.server'
import type { PriceForm } from '../opening/price-form'
import { readOpening } from '../opening/read.server'
import { boundOf } from '../rules/dates'
import type { RuleSet } from '../rules/edition'
import type { CandidatesInput } from './award.form.server'

/** The report of a lot that has one, or refuses report-missing. */
export async function sealedReport(
  ctx: Ctx,
  { lot }: Pick<FoundLot, 'lot'>,
): Promise<{ content: ReportContent; hash: string; sealedAt: Date }> {
  const report = await readReport(ctx, lot)
  refuseUnless(report?.sealedAt, 'report-missing')
  return { content: parseReport(report.content), hash: report.hash, sealedAt: report.sealedAt }
}

/** The earliest end of the candidates' publicity by the project's rules (条例 54: at least 3 days); null where there is none. */
async function earliestEnd(ctx: Ctx, { edition }: FoundLot): Promise<Date | null> {
  const limit = edition.limits.find(one => one.subject === 'publicityTo')
  return limit ? boundOf(limit, ctx.now, await readCalendar(ctx.db)).instant : null
}

const remedyText: Record<RuleSet, string> = {
  tender:
    '投标人或者其他利害关系人对评标结果有异议的，应当在公示期间通过本平台提出；招标人自收到异议之日起 3 日内答复，答复前暂停招标投标活动（《招标投标法实施条例》第五十四条）。',
  procurement:
    '供应商认为采购结果使自己的权益受到损害的，可以在知道或者应知其权益受到损害之日起 7 个工作日内，以书面形式向采购人提出质疑（《政府采购法》第五十二条）。',
}

/** What a bid says beside its price, as it was read out. */
const saidOf = ({ durationDays, quality, manager }: PriceForm) =>
  `工期（交货期）${durationDays} 日，质量 ${quality}，项目负责人 ${manager}`

/** What the notice says of each candidate (招标公告和公示信息发布管理办法 6): rank, price, duration, quality, leader. */
function bodyOf(
  { lot, project, edition }: FoundLot,
  { result }: ReportContent,
  forms: Map<string, PriceForm>,
  endsAt: Date,
): string {
  const lines = result.candidates.map((id, i) => {
    const bid = result.bids.find(one => one.id === id)!
    const form = forms.get(id)
    const said = form ? `，${saidOf(form)}` : ''
    return `第${i + 1}名：${bid.name}（${bid.creditCode}），投标报价 ${groupYuan(bid.price ?? '')} 元${said}，总得分 ${bid.total ?? '—'}`
  })
  const rejected = result.bids
    .filter(bid => bid.rejections.length > 0)
    .map(bid => `${bid.name}：${bid.rejections.map(r => r.text).join('；')}`)
  return [
    `${project.name} ${lot.name}（${lot.code}）的评标工作已经结束，中标候选人公示如下：`,
    ...lines,
    ...(rejected.length ? ['被否决的投标及理由：', ...rejected] : []),
    `公示截止时间：${formatInstant(endsAt)}。`,
    `${remedyText[edition.ruleSet]}联系人：${project.contact}，电话：${project.phone}。`,
  ].join('\n')
}

/** The dates under which the lot was announced: the rules judge the whole row. */
async function announcedDates(ctx: Ctx, { lot }: FoundLot) {
  const notice = await latestNotice(ctx, lot.id, 'tender')
  const { biddingStartsAt: from, documentEndsAt, biddingEndsAt } = lot
  if (!from || !biddingEndsAt) return {}
  const noticeTo = notice?.periodEndsAt ?? biddingEndsAt
  const opens = { biddingEndsAt, opensAt: biddingEndsAt }
  return { noticeFrom: from, noticeTo, documentFrom: from, documentTo: documentEndsAt ?? biddingEndsAt, ...opens }
}

/**
 * Publishes the candidates (中标候选人公示): within 3 days of the report, for at least 3 days (TE-11, TE-12; 条例 54). Refuses
 * dates-against-law with the needed date.
 */
export const publishCandidates = command(
  'award.write',
  async (ctx, { lotId, periodEndsAt }: CandidatesInput) => {
    const found = await lockOwnLot(ctx, lotId)
    const { content, sealedAt } = await sealedReport(ctx, found)
    const earliest = await earliestEnd(ctx, found)
    const endsAt = periodEndsAt ?? earliest ?? ctx.now
    const earlier = await announcedDates(ctx, found)
    await judgeDates(ctx, found, { ...earlier, reportReceivedAt: sealedAt, publicityFrom: ctx.now, publicityTo: endsAt })
    const moved = await moveLot(ctx, found.lot, 'publicise')
    const read = openedOf(await readOpening(ctx, lotId))
    const forms = new Map(read.map(one => [one.bid.id, one.read.form as PriceForm]))
    const notice = await insertNotice(ctx, {
      lot: moved,
      kind: 'candidates',
      title: `${found.lot.name} 中标候选人公示`,
      body: bodyOf(found, content, forms, endsAt),
      periodEndsAt: endsAt,
    })
    return {
      result: { noticeId: notice.id, periodEndsAt: endsAt },
      entry: { lotId, facts: { notice: notice.id, candidates: content.result.candidates } },
    }
  },
  'award.publicise',
)
