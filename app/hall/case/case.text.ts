import type { CaseState, Light, StepAction } from './case'

export const caseStateText: Record<CaseState, string> = {
  submitted: '已申报',
  correcting: '待补正',
  accepted: '已受理',
  approved: '准予',
  refused: '不予许可',
  'not-accepted': '不予受理',
  withdrawn: '已撤回',
}

export const caseTone = {
  submitted: 'active',
  correcting: 'warn',
  accepted: 'active',
  approved: 'done',
  refused: 'bad',
  'not-accepted': 'bad',
  withdrawn: 'quiet',
} as const satisfies Record<CaseState, string>

export const stepText: Record<StepAction, string> = {
  submit: '提交申请',
  'ask-correction': '一次性告知补正',
  supplement: '补正材料',
  accept: '受理',
  'accept-by-default': '逾期未告知，自收到材料之日起视为受理',
  reject: '不予受理',
  approve: '准予',
  refuse: '不予许可',
  withdraw: '申请人撤回',
  overdue: '超过承诺时限，已预警',
}

/** The paper a step issues (文书), '' where it issues none. */
export const paperTitle: Record<StepAction, string> = {
  submit: '收件凭证',
  'ask-correction': '补正材料通知书',
  supplement: '收件凭证（补正）',
  accept: '受理通知书',
  'accept-by-default': '受理通知书（视为受理）',
  reject: '不予受理通知书',
  approve: '准予许可决定书',
  refuse: '不予许可决定书',
  withdraw: '撤件单',
  overdue: '',
}

export const lightText: Record<Light, string> = { green: '正常', yellow: '临近期限', red: '已超期' }
export const lightTone = { green: 'done', yellow: 'warn', red: 'bad' } as const satisfies Record<Light, string>
