import type { caseKinds, itemKinds } from '@/db/schema/hall/catalogue'

export type ItemKind = (typeof itemKinds)[number]
export type CaseKind = (typeof caseKinds)[number]

/** 事项类型 and 办件类型 of GB/T 39046—2020. */
export const itemKindText: Record<ItemKind, string> = {
  permit: '行政许可',
  confirmation: '行政确认',
  other: '其他行政权力',
  'public-service': '公共服务',
}

export const caseKindText: Record<CaseKind, string> = { instant: '即办件', promise: '承诺件' }
