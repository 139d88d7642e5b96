import type { DateName, LimitUnit, TradeKind, TradeMethod } from './edition'

export const tradeKindText: Record<TradeKind, string> = {
  works: '工程建设',
  'gp-goods': '政府采购货物',
  'gp-services': '政府采购服务',
}

export const tradeMethodText: Record<TradeMethod, string> = { 'open-tender': '公开招标', 'invited-tender': '邀请招标' }

export const dateText: Record<DateName, string> = {
  prequalificationFrom: '资格预审文件开始获取时间',
  prequalificationTo: '资格预审文件获取截止时间',
  applicationEndsAt: '资格预审申请截止时间',
  prequalificationClarifiedAt: '资格预审文件澄清或者修改时间',
  noticeFrom: '公告发布时间',
  noticeTo: '公告期限截止时间',
  documentFrom: '招标文件开始获取时间',
  documentTo: '招标文件获取截止时间',
  clarifiedAt: '招标文件澄清或者修改时间',
  biddingEndsAt: '投标截止时间',
  opensAt: '开标时间',
  reportReceivedAt: '收到评标报告时间',
  publicityFrom: '公示开始时间',
  publicityTo: '公示结束时间',
  awardedAt: '中标通知书发出时间',
  contractSignedAt: '合同签订时间',
  depositReturnedAt: '保证金退还时间',
  failedAt: '流标公告发布时间',
  ciphertextDestroyedAt: '未开启密文销毁时间',
}

export const unitText: Record<LimitUnit, string> = { CAL: '日', WORK: '个工作日', SECOND: '秒（演练）' }
