import type { Block } from '~/platform/paper/paper'
import { formatFen, groupYuan } from '~/shared/money'
import { formatInstant } from '~/shared/time'
import type { Scoring } from '../lot/scoring'
import { anomalyLines } from './anomaly.text'
import type { BidResult } from './evaluation'
import type { ReportContent } from './report-content'

export type MemberWord = {
  code: string
  seat: string
  name: string
  word: { answer: 'sign' | 'dissent' | 'refuse'; reason: string; at: Date } | null
}

export type ReportPaper = {
  lot: { code: string; name: string; ceilingFen: bigint; biddingEndsAt: Date | null; scoring: Scoring }
  project: { code: string; name: string; tendererName: string }
  content: ReportContent
  hash: string
  words: MemberWord[]
}

const methodText: Record<string, string> = { comprehensive: '综合评估法', 'lowest-price': '经评审的最低投标价法' }
const answerText = {
  sign: '同意并签署',
  dissent: '不同意（书面说明理由）',
  refuse: '拒绝签字且未书面说明，视为同意（《招标投标法实施条例》第五十三条）',
}

const scoreRow = (bid: BidResult): string[] => [
  bid.rank === null ? '—' : String(bid.rank),
  bid.name,
  bid.price === null ? '—' : groupYuan(bid.price),
  bid.technical,
  bid.business,
  bid.priceScore ?? '—',
  bid.total ?? (bid.rejections.length > 0 ? '否决' : '—'),
]

function resultBlocks({ result }: ReportContent): Block[] {
  const columns = [
    { head: '名次', share: 1 },
    { head: '投标人', share: 4 },
    { head: '评标价（元）', share: 2.4, isFigure: true },
    { head: '技术分', share: 1.2, isFigure: true },
    { head: '商务分', share: 1.2, isFigure: true },
    { head: '价格分', share: 1.2, isFigure: true },
    { head: '总分', share: 1.2, isFigure: true },
  ]
  const order = result.bids.toSorted((a, b) => (a.rank ?? 999) - (b.rank ?? 999))
  return [
    { kind: 'heading', text: '四、评审结果' },
    { kind: 'table', caption: '综合评估比较表', columns, rows: order.map(scoreRow) },
    {
      kind: 'text',
      text: `评标基准价 ${groupYuan(result.priceRun.benchmark ?? '无')} 元；去除：${result.priceRun.trimmed.length} 个。价格分按招标文件载明的公式 ${result.priceRun.formula.kind} 计算。`,
    },
  ]
}

function rejectionBlocks({ result }: ReportContent): Block[] {
  const rejected = result.bids.filter(bid => bid.rejections.length > 0)
  if (rejected.length === 0) return [{ kind: 'text', text: '没有被否决的投标。' }]
  const rows = rejected.flatMap(bid => bid.rejections.map(r => [bid.name, r.text, r.reasons.join('；')]))
  const columns = [
    { head: '投标人', share: 3 },
    { head: '评审项', share: 4 },
    { head: '理由', share: 5 },
  ]
  return [{ kind: 'table', caption: '否决投标情况', columns, rows }]
}

function sheetBlocks({ sheets, result }: ReportContent, scoring: Scoring): Block[] {
  const itemOf = (code: string) => scoring.items.find(item => item.code === code)?.name ?? code
  const pointsOf = (sheet: ReportContent['sheets'][number], id: string, item: string) =>
    sheet.scores.find(([bid, code]) => bid === id && code === item)?.[2] ?? '—'
  const rows = result.bids.flatMap(bid =>
    scoring.items.map(({ code }) => [bid.name, itemOf(code), ...sheets.map(sheet => pointsOf(sheet, bid.id, code))]),
  )
  const columns = [
    { head: '投标人', share: 3.5 },
    { head: '评分项', share: 2.5 },
    ...sheets.map(({ expert }) => ({ head: expert, share: 1.2, isFigure: true })),
  ]
  const far = anomalyLines(result, scoring)
  return [
    { kind: 'heading', text: '六、评委评分' },
    { kind: 'table', caption: '各评委（按编号）各项评分', columns, rows },
    {
      kind: 'text',
      text: far.length ? `与其余评委平均分相差超过 30% 的评分：${far.join('；')}。` : '没有与其余评委平均分相差超过 30% 的评分。',
    },
  ]
}

function wordBlocks(words: MemberWord[]): Block[] {
  const rows = words.map(({ code, seat, name, word }) => [
    code,
    name,
    seat,
    word ? `${answerText[word.answer]}${word.reason ? `：${word.reason}` : ''}` : '未表态',
    word ? formatInstant(word.at) : '',
  ])
  const columns = [
    { head: '评委编号', share: 2 },
    { head: '姓名', share: 2 },
    { head: '席位', share: 1.6 },
    { head: '意见', share: 4 },
    { head: '签署时间', share: 2.4 },
  ]
  return [
    { kind: 'heading', text: '七、评标委员会签署' },
    { kind: 'table', caption: '每位成员以本人密钥对报告内容的摘要作电子签名', columns, rows },
  ]
}

/** The report in the ten parts the rules ask for (Order 12 art. 42; 财政部令第87号 58), as blocks of a paper. */
export function reportBlocks({ lot, project, content, hash, words }: ReportPaper): Block[] {
  const { result, outcome } = content
  const names = result.candidates.map((id, i) => `第${i + 1}名 ${result.bids.find(bid => bid.id === id)?.name ?? ''}`)
  return [
    { kind: 'heading', text: '一、基本情况' },
    {
      kind: 'facts',
      rows: [
        ['项目', `${project.name}（${project.code}）`],
        ['标段', `${lot.name}（${lot.code}）`],
        ['招标人', project.tendererName],
        ['投标截止及开标时间', lot.biddingEndsAt ? formatInstant(lot.biddingEndsAt) : ''],
        ['最高投标限价', `${formatFen(lot.ceilingFen)} 元`],
        ['评标方法', methodText[content.method] ?? content.method],
        ['参加评审的投标', `${result.bids.length} 个`],
      ],
    },
    { kind: 'heading', text: '二、评标委员会' },
    { kind: 'text', text: content.committee.map(m => `${m.code}（${m.seat}）`).join('、') },
    { kind: 'heading', text: '三、初步评审与否决投标' },
    ...rejectionBlocks(content),
    ...resultBlocks(content),
    { kind: 'heading', text: '五、推荐的中标候选人' },
    { kind: 'text', text: outcome.ok ? names.join('；') : `${outcome.article}：${outcome.todo}` },
    ...sheetBlocks(content, lot.scoring),
    ...wordBlocks(words),
    { kind: 'text', text: `报告内容摘要（SHA-256）：${hash}` },
  ]
}
