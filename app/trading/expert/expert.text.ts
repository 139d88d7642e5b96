import type { ExpertState } from '@/db/schema/trading/expert'
import type { ExclusionReason, ExpertEvent } from './expert'

export const expertStateText: Record<ExpertState, string> = {
  applying: '入库审核中',
  active: '在库',
  suspended: '暂停',
  removed: '清退',
  left: '退库',
  blacklisted: '禁止参加评标',
  refused: '不予入库',
}

export const expertEventText: Record<ExpertEvent, string> = {
  admit: '同意入库',
  refuse: '不予入库',
  suspend: '暂停抽取',
  restore: '恢复抽取',
  remove: '清退',
  leave: '退库',
  ban: '禁止参加评标',
  reinstate: '申诉成立，恢复',
}

export const exclusionText: Record<ExclusionReason, string> = {
  'bidder-unit': '与投标人同一单位',
  'tenderer-unit': '与招标人同一单位',
  department: '主管部门或行政监督部门人员',
  'agency-unit': '与代理机构同一单位',
  'former-employer': '三年内曾在投标人、招标人等单位任职',
  declared: '本人申报的回避单位或亲属任职单位',
  listed: '招标人申请回避的单位',
  'not-active': '不在库或已暂停',
  engaged: '同一时间已参加其他评标',
  'monthly-cap': '当月评标次数已达上限',
  'on-leave': '请假或当日不参加评标',
  'no-fit': '专业或地区不符合任何席位',
}
