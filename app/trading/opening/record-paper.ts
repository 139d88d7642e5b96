import type { Block } from '~/platform/paper/paper'
import { capitalFen, formatFen, formatYuan } from '~/shared/money'
import { formatInstant } from '~/shared/time'
import { answerText, bidStateText, failureArticle, failureText, faultText, flagText, releaseBasisText } from './opening.text'
import type { PriceForm, ReadFlag } from './price-form'
import type { Failure, Fault } from './settle'

export type RecordLine = {
  no: number
  organisation: string
  creditCode: string
  committedAt: Date
  state: keyof typeof bidStateText
  failure: Failure | null
  fault: Fault | null
  read: { priceFen: bigint; form: PriceForm; flags: ReadFlag[] } | null
  answer: { answer: keyof typeof answerText; text: string; reply: string | null } | null
}

export type RecordFacts = {
  projectName: string
  projectCode: string
  lotName: string
  lotCode: string
  tenderer: string
  agency: string
  place: string
  deadline: Date
  closedAt: Date
  ceilingFen: bigint
  counted: number
  releaseBasis: keyof typeof releaseBasisText
  lines: RecordLine[]
  /** Replaced and withdrawn before the deadline. */
  earlier: { organisation: string; state: keyof typeof bidStateText; committedAt: Date }[]
  refused: { organisation: string; sentence: string; at: Date }[]
  custodians: { organisation: string; releasedAt: Date | null }[]
  closeIdx: number
  deadlineSize: number
}

const headOf = (r: RecordFacts): Block => ({
  kind: 'facts',
  rows: [
    ['项目', `${r.projectName}（${r.projectCode}）`],
    ['标段', `${r.lotName}（${r.lotCode}）`],
    ['招标人', r.tenderer],
    ['招标代理机构（主持）', r.agency],
    ['开标地点', r.place],
    ['投标截止时间', formatInstant(r.deadline)],
    ['截标时间（数据库时钟）', formatInstant(r.closedAt)],
    ['记录方式', '系统按时钟开标并自动记录，无人工操作'],
    ['最高投标限价', formatYuan(r.ceilingFen)],
    ['计入投标', `${r.counted} 个`],
  ],
})

const stateOf = ({ state, failure, fault, read }: RecordLine): string => {
  if (failure && fault) return `${bidStateText[state]}：${failureText[failure]}（${faultText[fault]}）`
  const flags = read?.flags.map(flag => flagText[flag]) ?? []
  return ['密封完好，解密成功', ...flags].join('；')
}

const readTable = (lines: RecordLine[]): Block => ({
  kind: 'table',
  caption: '一、开标一览表',
  columns: [
    { head: '序号', share: 6 },
    { head: '投标人', share: 20 },
    { head: '递交时间', share: 15 },
    { head: '投标报价（元）', share: 26, isFigure: true },
    { head: '工期（日）', share: 9, isFigure: true },
    { head: '质量、项目经理', share: 12 },
    { head: '密封与解密', share: 22 },
  ],
  rows: lines.map(line => [
    String(line.no),
    `${line.organisation} ${line.creditCode}`,
    formatInstant(line.committedAt),
    line.read ? `${formatFen(line.read.priceFen)} ${capitalFen(line.read.priceFen)}` : '—',
    line.read ? String(line.read.form.durationDays) : '—',
    line.read ? `${line.read.form.quality}、${line.read.form.manager}` : '—',
    stateOf(line),
  ]),
})

const answerTable = (lines: RecordLine[]): Block => ({
  kind: 'table',
  caption: '二、投标人对开标记录的意见',
  columns: [
    { head: '序号', share: 6 },
    { head: '投标人', share: 26 },
    { head: '意见', share: 12 },
    { head: '异议内容', share: 28 },
    { head: '主持人答复', share: 28 },
  ],
  rows: lines.map(({ no, organisation, answer }) => [
    String(no),
    organisation,
    answer ? answerText[answer.answer] : answerText.silent,
    answer?.text || '—',
    answer?.reply ?? '—',
  ]),
})

const earlierTable = ({ earlier, refused }: RecordFacts): Block => ({
  kind: 'table',
  caption: '三、截止前替换、撤回及拒收的投标',
  columns: [
    { head: '投标人', share: 26 },
    { head: '时间', share: 20 },
    { head: '情况', share: 54 },
  ],
  rows: [
    ...earlier.map(e => [e.organisation, formatInstant(e.committedAt), bidStateText[e.state]]),
    ...refused.map(e => [e.organisation, formatInstant(e.at), `拒收：${e.sentence}`]),
  ],
})

const custodyTable = (r: RecordFacts): Block => ({
  kind: 'table',
  caption: `四、密钥释放（${releaseBasisText[r.releaseBasis]}）`,
  columns: [
    { head: '保管人', share: 50 },
    { head: '释放时间', share: 50 },
  ],
  rows: r.custodians.map(c => [c.organisation, c.releasedAt ? formatInstant(c.releasedAt) : '未释放']),
})

/** What the opening record says (开标记录, tender-rules 1.7): the same for everybody, made from rows and nothing else. */
export function recordBlocks(r: RecordFacts): Block[] {
  const failed = r.lines.some(line => line.failure)
  return [
    headOf(r),
    readTable(r.lines),
    ...(failed ? [{ kind: 'text', text: `未解密投标的处理依据：${failureArticle}。` } as const] : []),
    answerTable(r.lines),
    earlierTable(r),
    ...(r.custodians.length > 0 ? [custodyTable(r)] : []),
    { kind: 'text', text: `截标登记是平台日志第 ${r.closeIdx} 条，全部投标记录都在规模为 ${r.deadlineSize} 的截标检查点之内。` },
  ]
}
