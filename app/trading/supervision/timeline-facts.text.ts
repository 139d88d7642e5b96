import type { LogTimeline } from '@/crypto/timeline'
import { formatFen } from '~/shared/money'
import { formatInstant } from '~/shared/time'

type Payload = LogTimeline['entries'][number]['payload']

/** Facts worth a word beside the action; everything else stands in the file. */
const labels: Record<string, string> = {
  code: '编号',
  title: '标题',
  name: '名称',
  kind: '类别',
  version: '版本',
  ceilingFen: '最高投标限价',
  biddingEndsAt: '投标截止',
  periodEndsAt: '期限至',
  counted: '有效投标',
  readable: '可唱标',
  count: '投标人数',
  priceFen: '报价',
  answer: '意见',
  reason: '理由',
  text: '内容',
  article: '依据',
  draw: '抽取',
  members: '成员人数',
  expert: '评委编号',
  item: '评审项',
  score: '分值',
  files: '文件数',
  size: '检查点条数',
  sha256: '文件摘要',
  bodyHash: '正文摘要',
  recordHash: '记录摘要',
  reportHash: '报告摘要',
  sheetHash: '评审表摘要',
  hash: '策略摘要',
  statement: '投标声明摘要',
  lotRoot: '投标登记根',
}

const words: Record<string, string> = {
  sign: '同意并签署',
  dissent: '不同意',
  refuse: '拒绝签字',
  'no-objection': '无异议',
  objection: '有异议',
  tender: '招标公告',
  correction: '变更公告',
  failure: '流标公告',
  termination: '终止公告',
  opening: '开标记录',
  candidates: '中标候选人公示',
  result: '中标结果公告',
  document: '招标文件',
  clarification: '澄清文件',
  'opening-record': '开标记录',
  'evaluation-report': '评标报告',
  'award-notice': '中标通知书',
  committee: '评标委员会',
}

const isHash = (text: string) => /^[0-9a-f]{64}$/.test(text)

function valueText(name: string, value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value === '') return ''
  if (name.endsWith('Fen') && /^\d+$/.test(value)) return `${formatFen(BigInt(value))} 元`
  if (/^\d{4}-\d\d-\d\dT.*Z$/.test(value)) return formatInstant(new Date(value))
  if (isHash(value)) return `${value.slice(0, 8)}…${value.slice(-8)}`
  // Ids and whole messages are for machines: they stand in the file.
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) || value.startsWith('{')) return ''
  return words[value] ?? value
}

/** The key facts of an entry, a short phrase each. */
export function factsText(payload: Payload): string[] {
  const facts = payload.t === 'tbid/act@1' ? payload.facts : payload
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts)) return []
  return Object.entries(labels).flatMap(([name, label]) => {
    const text = valueText(name, facts[name])
    return text ? [`${label} ${text}`] : []
  })
}
