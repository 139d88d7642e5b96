import type { Block } from '~/platform/paper/paper'
import { capitalFen, formatFen, formatYuan } from '~/shared/money'
import { formatInstant } from '~/shared/time'
import { roleTextOf } from '../bid/bid.text'
import { actText, causeText, signerText } from './acts.text'
import type { Drawn, SignerRole } from './hall-acts'
import {
  answerText,
  bidStateText,
  failureArticle,
  failureText,
  faultText,
  flagText,
  notAwaitedText,
  releaseBasisText,
} from './opening.text'
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
  /** Roles of the files in the first of two envelopes (双信封), where the record is about it. */
  contents: string[] | null
  /** Whether a word of the bidder on this record is awaited. */
  isAwaited: boolean
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
  /** Which of two envelopes (双信封) was opened; null where everything was at once. */
  envelope: 1 | 2 | null
  lines: RecordLine[]
  /** Replaced and withdrawn before the deadline. */
  earlier: { organisation: string; state: keyof typeof bidStateText; committedAt: Date }[]
  refused: { organisation: string; code: string; sentence: string; at: Date }[]
  custodians: { organisation: string; releasedAt: Date | null }[]
  closeIdx: number
  deadlineSize: number
  signers: { organisation: string; role: SignerRole }[]
  drawn: Drawn[]
  /** Bidders who signed in, by number. */
  attended: { no: number; at: Date }[]
  acts: RecordAct[]
}

export type RecordAct = {
  kind: keyof typeof actText
  state: 'proposed' | 'done' | 'declined'
  cause: string
  reason: string
  decision: string | null
  proposedAt: Date
  decidedAt: Date | null
}

const envelopeText = { 1: '双信封，本记录为第一信封（报价在第二信封，未开启）', 2: '双信封，本记录为第二信封（报价）' } as const

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
    ...(r.envelope ? ([['开标方式', envelopeText[r.envelope]]] as [string, string][]) : []),
    ['计入投标', `${r.counted} 个`],
    ['签到投标人', r.attended.map(a => `${a.no} 号（${formatInstant(a.at)}）`).join('、') || '无'],
  ],
})

const stateOf = ({ state, failure, fault, read }: RecordLine): string => {
  if (state === 'unopened') return '未通过第一信封评审，第二信封未开启，原封退还'
  if (failure && fault) return `${bidStateText[state]}：${failureText[failure]}（${faultText[fault]}）`
  const flags = read?.flags.map(flag => flagText[flag]) ?? []
  return ['密封完好，解密成功', ...flags].join('；')
}

/** The first of two envelopes (双信封): what each holds; the price is in the second. */
const contentsTable = (lines: RecordLine[], no: string): Block => ({
  kind: 'table',
  caption: `${no}第一信封开启情况`,
  columns: [
    { head: '序号', share: 6 },
    { head: '投标人', share: 30 },
    { head: '递交时间', share: 20 },
    { head: '第一信封内的文件', share: 22 },
    { head: '密封与解密', share: 22 },
  ],
  rows: lines.map(line => [
    String(line.no),
    `${line.organisation} ${line.creditCode}`,
    formatInstant(line.committedAt),
    line.contents?.map(roleTextOf).join('、') || '—',
    stateOf(line),
  ]),
})

const readTable = (lines: RecordLine[], no: string): Block => ({
  kind: 'table',
  caption: `${no}开标一览表`,
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

const answerTable = (lines: RecordLine[], no: string): Block => ({
  kind: 'table',
  caption: `${no}投标人对开标记录的意见`,
  columns: [
    { head: '序号', share: 6 },
    { head: '投标人', share: 26 },
    { head: '意见', share: 12 },
    { head: '异议内容', share: 28 },
    { head: '主持人答复', share: 28 },
  ],
  rows: lines.map(({ no, organisation, answer, isAwaited }) => [
    String(no),
    organisation,
    answer ? answerText[answer.answer] : isAwaited ? answerText.silent : notAwaitedText,
    answer?.text || '—',
    answer?.reply ?? '—',
  ]),
})

const earlierTable = ({ earlier, refused }: RecordFacts, no: string): Block => ({
  kind: 'table',
  caption: `${no}截止前替换、撤回及拒收的投标`,
  columns: [
    { head: '投标人', share: 26 },
    { head: '时间', share: 20 },
    { head: '情况', share: 54 },
  ],
  rows: [
    ...earlier.map(e => [e.organisation, formatInstant(e.committedAt), bidStateText[e.state]]),
    ...refused.map(e => [
      e.organisation,
      formatInstant(e.at),
      e.code === 'upload-unfinished' ? e.sentence : `拒收：${e.sentence}`,
    ]),
  ],
})

const custodyTable = (r: RecordFacts, no: string): Block => ({
  kind: 'table',
  caption: `${no}密钥释放（${releaseBasisText[r.releaseBasis]}）`,
  columns: [
    { head: '保管人', share: 50 },
    { head: '释放时间', share: 50 },
  ],
  rows: r.custodians.map(c => [c.organisation, c.releasedAt ? formatInstant(c.releasedAt) : '未释放']),
})

const drawnTable = (drawn: Drawn[], no: string): Block => ({
  kind: 'table',
  caption: `${no}现场抽取的参数`,
  columns: [
    { head: '参数', share: 24 },
    { head: '备选值（招标文件）', share: 52 },
    { head: '抽取结果', share: 24 },
  ],
  rows: drawn.map(d => [d.name, d.values.join('、'), `${d.value}（第 ${d.index + 1} 个）`]),
})

const decisionText = { proposed: '未决定', done: '同意', declined: '不同意' } as const
const isCause = (cause: string): cause is keyof typeof causeText => cause in causeText

const actTable = (acts: RecordAct[], no: string): Block => ({
  kind: 'table',
  caption: `${no}开标过程中的监督事项`,
  columns: [
    { head: '时间', share: 20 },
    { head: '事项', share: 18 },
    { head: '事由', share: 40 },
    { head: '监督意见', share: 22 },
  ],
  rows: acts.map(a => [
    formatInstant(a.proposedAt),
    actText[a.kind],
    `${isCause(a.cause) ? causeText[a.cause] : a.cause}：${a.reason}`,
    a.decidedAt ? [decisionText[a.state], a.decision].filter(Boolean).join('：') : '无需审批',
  ]),
})

const signerTable = (signers: RecordFacts['signers'], no: string): Block => ({
  kind: 'table',
  caption: `${no}签署`,
  columns: [
    { head: '签署方', share: 56 },
    { head: '身份', share: 44 },
  ],
  rows: signers.map(s => [s.role === 'supervisor' ? '对本标段有管辖权的监督人员' : s.organisation, signerText[s.role]]),
})

const numerals = ['一', '二', '三', '四', '五', '六', '七', '八']

/** What the opening record says (开标记录, tender-rules 1.7): the same for everybody, made from rows and nothing else. */
export function recordBlocks(r: RecordFacts): Block[] {
  const failed = r.lines.some(line => line.failure)
  const tables: ((no: string) => Block)[] = [
    no => (r.envelope === 1 ? contentsTable(r.lines, no) : readTable(r.lines, no)),
    ...(r.drawn.length > 0 ? [(no: string) => drawnTable(r.drawn, no)] : []),
    no => answerTable(r.lines, no),
    no => earlierTable(r, no),
    ...(r.custodians.length > 0 ? [(no: string) => custodyTable(r, no)] : []),
    ...(r.acts.length > 0 ? [(no: string) => actTable(r.acts, no)] : []),
    no => signerTable(r.signers, no),
  ]
  const [read, ...rest] = tables.map((table, i) => table(`${numerals[i]}、`))
  return [
    headOf(r),
    read!,
    ...(failed ? [{ kind: 'text', text: `未解密投标的处理依据：${failureArticle}。` } as const] : []),
    ...rest,
    {
      kind: 'text',
      text: '以上各方以自有数字证书在本文件末尾追加电子签名，已签的以文件内的签名为准，可用 PDF 阅读器的签名栏或下述命令核验；国密签名附于文件之外。',
    },
    { kind: 'text', text: `截标登记是平台日志第 ${r.closeIdx} 条，全部投标记录都在规模为 ${r.deadlineSize} 的截标检查点之内。` },
  ]
}
