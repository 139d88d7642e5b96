import type { Scoring } from './scoring'

export const methodText: Record<Scoring['method'], string> = {
  comprehensive: '综合评估法（综合评分法）',
  'lowest-price': '经评审的最低投标价法',
}

export const formulaText: Record<Scoring['formula'], string> = {
  F1: '低价优先法',
  F2: '去极值平均法',
}

export const groupText: Record<'technical' | 'business' | 'price', string> = {
  technical: '技术',
  business: '商务',
  price: '价格',
}
