import type { ActKind } from '@/db/schema/trading/opening-act'
import { formatInstant } from '~/shared/time'
import { roleTextOf } from '../bid/bid.text'
import type { Cause } from '../rules/opening-acts'
import type { ActFacts, ActHallKind, SignerRole } from './hall-acts'
import { openingPhaseText } from './opening.text'

export const actText: Record<ActKind, string> = {
  adjourn: '中止开标',
  resume: '复会',
  abort: '终止开标',
  extend: '延长解密时间',
  restart: '重新开启解密',
  twin: '补录未加密副本',
  'second-envelope': '开启第二信封',
  destroy: '销毁密文',
}

export const causeText: Record<Cause, string> = {
  'platform-outage': '平台故障',
  'tool-fault': '投标工具或证书服务故障',
  'force-majeure': '不可抗力',
  'supervision-order': '监督部门要求',
  law: '法律规定',
  document: '招标文件约定',
}

export const signerText: Record<SignerRole, string> = { host: '招标代理机构（主持）', bidder: '投标人', supervisor: '监督部门' }

const at = (iso: string) => formatInstant(new Date(iso))
const nosText = (nos: number[]) => nos.map(no => `${no} 号`).join('、')

/** What the hall's event list says of each act. */
export const actSentences: { [K in ActHallKind]: (facts: ActFacts[K]) => string } = {
  attended: f => (f.bids.length > 0 ? `截标前已签到的投标人：${nosText(f.bids.map(b => b.no))}。` : '截标前没有投标人签到。'),
  present: f => `${f.no === null ? f.organisation : `${f.no} 号投标人`}签到。`,
  parameter: f =>
    `现场抽取参数：${f.drawn.map(d => `${d.name} ${d.value}（${d.values.length} 个备选值中的第 ${d.index + 1} 个）`).join('，')}。种子 ${f.seed}，任何人可重算。`,
  sealed: f => `开标记录已加盖平台签章，请各方在 ${at(f.endsAt)} 前签署。`,
  signed: f => `${signerText[f.role]} ${f.organisation} 已在开标记录上签名${f.form === 'detached' ? '（国密，附签）' : ''}。`,
  proposed: f => `${f.by} 提请${actText[f.act]}（${causeText[f.cause]}）：${f.reason}`,
  decided: f => `监督部门${f.approved ? '同意' : '不同意'}${actText[f.act]}${f.decision ? `：${f.decision}` : '。'}`,
  adjourned: f =>
    `${f.by} 中止开标（${causeText[f.cause]}）：${f.reason}${f.resumesAt ? `。定于 ${at(f.resumesAt)} 复会` : '。复会时间另行通知'}，各项时限停止计算。`,
  resumed: f => `复会，继续${openingPhaseText[f.phase]}${f.endsAt ? `，截止 ${at(f.endsAt)}` : ''}：${f.reason}`,
  extended: f => `解密时间延长 ${f.seconds} 秒，至 ${at(f.endsAt)}（${causeText[f.cause]}）：${f.reason}`,
  restarted: f => `重新开启 ${nosText(f.nos)} 投标的解密，截止 ${at(f.endsAt)}（${causeText[f.cause]}）：${f.reason}`,
  twin: f =>
    `${f.no} 号投标人补录了未加密副本（${f.files.map(file => roleTextOf(file.role)).join('、')}），与截标前承诺的摘要一致，待主持人提请、监督部门决定。`,
  'twin-refused': f => `${f.no} 号投标人 ${f.by} 补录的${roleTextOf(f.role)}与截标前承诺的摘要不一致，未接受，已记录。`,
  'twins-awaited': f =>
    `${f.awaited.length > 0 ? `${nosText(f.awaited)}投标未解密，可按招标文件约定补录未加密副本。` : ''}${f.handed.length > 0 ? `${nosText(f.handed)}投标人的副本待决定。` : ''}截至 ${at(f.endsAt)}。`,
  'twins-admitted': f =>
    `按招标文件约定的补救方案，以补录的副本唱标：${nosText(f.nos)}投标人（《电子招标投标办法》第三十一条）。`,
  outage: f =>
    `平台自 ${at(f.from)} 至 ${at(f.to)} 故障，进行中的时限顺延 ${f.seconds} 秒，至 ${at(f.endsAt)}（《电子招标投标办法》第三十一条）。`,
  'twins-lapsed': f => `${nosText(f.nos)}投标人的副本在规定时间内未获同意，按未解密处理。`,
  intermission: f => `第一信封开标记录已签章并公布（${nosText(f.nos)}），待评标委员会评审后开启第二信封。`,
  scheduled: f => `${f.by} 定于 ${at(f.at)} 开启第二信封：${f.reason}`,
  envelope: f =>
    `开启第二信封，公布通过第一信封评审的投标人：${nosText(f.nos)}。${f.left.length > 0 ? `${nosText(f.left)} 未通过评审，其第二信封不予开启，原封退还。` : ''}`,
  destroyed: f => `经两人确认，已销毁未开启的密文 ${f.files} 个。`,
}
