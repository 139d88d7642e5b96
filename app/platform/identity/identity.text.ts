import type { Role } from '@/db/schema/platform/identity'

export const roleText: Record<Role, string> = {
  tenderer: '招标人',
  agency: '招标代理机构',
  bidder: '投标人',
  /** Experts and the tenderer's representatives alike (《招标投标法》37). */
  expert: '评标委员会成员',
  supervisor: '行政监督',
  custodian: '密钥保管人',
  witness: '见证方',
  operator: '平台运维',
  'hall-staff': '大厅工作人员',
  citizen: '办事群众',
  exchange: '数据交换',
}

export const certificateUseText = { sign: '签名', encrypt: '加密', both: '签名和加密' } as const

export const suiteText: Record<string, string> = { intl: '国际算法', gm: '国密算法' }

export const listStandingText = { good: '有效', stale: '已过期，宽限中', expired: '已过期', missing: '缺失' } as const
export const listStandingTone = { good: 'done', stale: 'warn', expired: 'bad', missing: 'bad' } as const
