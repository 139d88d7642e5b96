import type { LotState } from '@/db/schema/trading/project'
import type { LotEvent, LotPhase } from './lot'

export const lotStateText: Record<LotState, string> = {
  draft: '草稿',
  keying: '待密钥',
  ready: '待发布',
  bidding: '投标中',
  closed: '已截标',
  opening: '开标中',
  opened: '已开标',
  evaluating: '评标中',
  evaluated: '评标结束',
  publicity: '候选人公示',
  awarded: '已定标',
  archived: '已归档',
  failed: '流标',
  terminated: '已终止',
}

/** What happens next, and who must do it. */
export const lotNextText: Record<LotState, string> = {
  draft: '由代理机构指定保管人。',
  keying: '由各保管人登记本标段密钥，代理机构签署密封策略，保管人会签。',
  ready: '由代理机构上传招标文件并发布招标公告。',
  bidding: '投标人密封并递交投标文件；到截止时间由系统按时钟截标并开标，无需人工操作。',
  closed: '系统核对投标人数；不足三家的不予开标，任何投标文件都不解密。',
  opening: '投标人和保管人释放密钥，系统解密并唱标，投标人确认开标记录。',
  opened: '随机抽取专家组成评标委员会。',
  evaluating: '评标委员会评审、打分并签署评标报告。',
  evaluated: '由代理机构公示中标候选人。',
  publicity: '公示期满且无未答复异议后，由招标人定标。',
  awarded: '由代理机构归档。',
  archived: '本标段已归档，可下载并自行核验。',
  failed: '本标段流标，原因见公告；可归档。',
  terminated: '本标段已终止，原因见公告；可归档。',
}

export const lotPhaseText: Record<LotPhase, string> = {
  prepare: '准备',
  bidding: '投标',
  opening: '开标',
  evaluation: '评标',
  award: '定标',
  archive: '归档',
}

export const releaseModeText: Record<string, string> = {
  custody: '保管人释放（k-of-n）',
  both: '投标人与保管人共同释放',
  bidder: '投标人释放',
  rescue: '投标人释放，保管人备援',
}

export const suiteText: Record<string, string> = { intl: '国际算法（AES-256-GCM、SHA-256）', gm: '国密算法（SM4-GCM、SM3）' }

export const lotEventText: Record<LotEvent, string> = {
  'name-custodians': '指定保管人',
  'complete-policy': '完成密封策略会签',
  publish: '发布招标公告',
  close: '截标',
  open: '开标',
  record: '公布开标记录',
  evaluate: '开始评标',
  report: '完成评标报告',
  publicise: '公示中标候选人',
  award: '定标',
  archive: '归档',
  fail: '流标',
  terminate: '终止',
}

/** Interest groups (利益方) that the form offers; tenderer and agency count as one (crypto.md §10.7). */
export const groupText: Record<string, string> = {
  'tenderer-side': '招标人和代理机构',
  supervisor: '监督方',
  third: '第三方（公证、见证）',
  'fourth-party': '其他独立方',
}

export const groupNameOf = (group: string) => groupText[group] ?? group

/** How many envelopes a bid has, and in what order they are opened. */
export const envelopesText: Record<1 | 2, string> = {
  1: '一个信封，开标时全部开启',
  2: '双信封，先技术商务，后报价',
}
