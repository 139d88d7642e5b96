import type { ContactState, ContactWay, DrawState, RepresentativeState } from '@/db/schema/trading/draw'
import type { DrawParty } from '@/db/schema/trading/expert'
import type { AvoidCode, DrawStep } from './draw'

export const drawStateText: Record<DrawState, string> = {
  requested: '待监督部门审核',
  reviewed: '已审核，待第二人核准',
  approved: '已核准，待开标后自动抽取',
  infeasible: '无法组成，未抽取',
  committing: '各方承诺中',
  revealing: '各方公开随机数中',
  contacting: '通知专家中',
  complete: '已组成',
  void: '已作废',
  ended: '标段终止或流标，已结束',
}

export const drawStepText: Record<DrawStep, string> = {
  request: '提出申请',
  approve: '两人审核、核准',
  commit: '四方承诺',
  fix: '见证定值',
  reveal: '公开并抽取',
  contact: '通知到位',
}

export const drawPartyText: Record<DrawParty, string> = {
  platform: '交易平台',
  agency: '招标代理机构',
  supervisor: '行政监督部门',
  third: '公证（见证）机构',
}

export const contactStateText: Record<ContactState, string> = {
  invited: '已通知，待答复',
  accepted: '接受',
  refused: '谢绝',
  'no-answer': '未答复',
  engaged: '同一时间另有评标',
  avoid: '回避',
}

/** The seat of the tenderer's representatives (招标投标法 37). */
export const representativeSeat = '招标人代表'

export const representativeStateText: Record<RepresentativeState, string> = {
  named: '已指定，待通知',
  invited: '已通知，待答复',
  accepted: '接受',
  refused: '不能参加',
  avoid: '回避退出',
  absent: '未到场',
}

/** EX-06: reasons for which a unit's people are kept away. */
export const avoidCodeText: Record<AvoidCode, string> = {
  '1': '投标人单位',
  '2': '招标人单位',
  '3': '主管部门',
  '4': '代理机构',
  '9': '其他',
}

export const contactWayText: Record<ContactWay, string> = { sms: '短信', voice: '语音电话', email: '电子邮件' }
