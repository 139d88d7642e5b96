import type { CustodyDue } from './custody.read.server'

/** What a custodian must do next. */
export const dueText: Record<NonNullable<CustodyDue>, string> = {
  key: '登记本标段密钥',
  cosign: '会签密封策略',
  release: '释放密钥',
}
