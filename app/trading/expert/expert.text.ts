import type { AvoidKind, ExpertState } from '@/db/schema/trading/expert'
import type { ClearanceAct, ClearanceState, ExpertRuleKind, PenaltyKind } from '@/db/schema/trading/expert-assessment'
import type { AppealState, ApplicationState } from '@/db/schema/trading/expert-record'
import { dayOf, formatDay } from '~/shared/time'
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
  reapply: '重新申请',
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
  punished: '曾因招标投标活动中的违法行为受过处罚',
  engaged: '同一时间已参加其他评标',
  'monthly-cap': '当月评标次数已达上限',
  'on-leave': '请假或当日不参加评标',
  'no-fit': '专业或地区不符合任何席位',
}

export const applicationStateText: Record<ApplicationState, string> = {
  submitted: '待单位推荐',
  recommended: '已推荐，待审核',
  declined: '单位不予推荐',
  admitted: '已入库',
  refused: '不予入库',
  withdrawn: '已撤回',
}

export const appealStateText: Record<AppealState, string> = { filed: '待处理', upheld: '申诉成立', dismissed: '申诉不成立' }

export const ruleKindText: Record<ExpertRuleKind, string> = {
  mark: '考核记分',
  clearance: '清退（累计记分处理）',
  training: '年度培训学时',
  cap: '每月评标次数上限',
  age: '年龄上限',
  statement: '陈述申辩期限（日）',
  import: '名单导入上限',
}

export const clearanceActText: Record<ClearanceAct, string> = {
  remind: '提醒谈话',
  retrain: '重新培训',
  suspend: '暂停抽取',
  remove: '清退',
  ban: '禁止参加评标',
}

export const clearanceStateText: Record<ClearanceState, string> = {
  proposed: '待决定',
  'carried-out': '已执行',
  dropped: '不予处理',
}

export const penaltyKindText: Record<PenaltyKind, string> = { administrative: '行政处罚', criminal: '刑事处罚' }

export const avoidKindText: Record<AvoidKind, string> = {
  'former-employer': '三年内任职',
  director: '担任董事、监事',
  holding: '控股股东或实际控制人',
  relative: '近亲属任职',
  'in-law': '近姻亲任法定代表人',
  economic: '其他经济利益关系',
  other: '其他',
}

/** What the person is told when the library changes the own state; the right of appeal is named with every decision against it. */
export function moveNotice(code: string, event: ExpertEvent, reason: string, until: Date | null): string {
  const term = until ? `，至 ${formatDay(dayOf(until))} 止` : ''
  const appeal = ['suspend', 'remove', 'ban', 'refuse'].includes(event) ? '如有异议，可登录平台提出申诉，由其他人员处理。' : ''
  return `【评标专家库】专家 ${code}：${expertEventText[event]}${term}。原因：${reason}。${appeal}`
}

type Proposed = { act: ClearanceAct; actMonths: number | null; points: number }
type Why = { source: string; reason: string; until: string }

/** What the person is told of a proposed clearance: act, ground, and until when the own case can be stated. */
export function clearanceNotice(code: string, { act, actMonths, points }: Proposed, { source, reason, until }: Why): string {
  const what = `${clearanceActText[act]}${actMonths ? ` ${actMonths} 个月` : ''}`
  const sum = points > 0 ? `累计记 ${points} 分。` : ''
  return `【评标专家库】专家 ${code}：拟对您作出“${what}”的处理。${sum}依据：${source}。事实：${reason}。您可以在 ${until} 前登录平台陈述申辩，由另一人员决定。`
}

/** What the person is told of the decision where no state changes; null: nothing is done. */
export const clearanceOutcome = (code: string, act: ClearanceAct | null, decision: string): string =>
  `【评标专家库】专家 ${code}：${act ? `决定${clearanceActText[act]}` : '决定不予处理'}。${decision}`

export const appealNotice = (code: string, state: AppealState, decision: string): string =>
  `【评标专家库】专家 ${code}：${appealStateText[state]}。${decision}`

/** Days of the week, Sunday first, as the bits of an expert's `weekdays`. */
export const weekdayText = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const
