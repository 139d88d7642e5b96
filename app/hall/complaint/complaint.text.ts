import type { complaintKinds, complaintStates } from '@/db/schema/hall/rating'

export type ComplaintKind = (typeof complaintKinds)[number]
export type ComplaintState = (typeof complaintStates)[number]

export const complaintKindText: Record<ComplaintKind, string> = {
  'bad-rating': '差评整改',
  delay: '超期办理',
  conduct: '服务态度与作风',
  'extra-materials': '索要指南以外的材料',
  'several-trips': '多次跑',
}

export const complaintStateText: Record<ComplaintState, string> = { received: '核实中', answered: '已答复' }
export const complaintTone = { received: 'active', answered: 'done' } as const satisfies Record<ComplaintState, string>
