import type { noticeKinds } from '@/db/schema/trading/project'

export type NoticeKind = (typeof noticeKinds)[number]

export const noticeKindText: Record<NoticeKind, string> = {
  tender: '招标公告',
  correction: '变更公告',
  opening: '开标记录',
  candidates: '中标候选人公示',
  result: '中标结果公告',
  failure: '流标公告',
  termination: '终止公告',
}
