import type { RuleEdition } from './edition'

export type ScoringPoints = { method: 'comprehensive' | 'lowest-price'; formula: 'F1' | 'F2'; price: number; items: string[] }
export type ScoringProblem = { reason: string; article: string }

// Points have at most four decimals, so hundredths of hundredths are exact integers.
const exact = (points: string | number) => Math.round(Number(points) * 10_000)

const order87 = '财政部令第87号第五十五条'

/** What the law or arithmetic does not allow in an evaluation method; null when it may be used. */
export function checkScoring(edition: RuleEdition, { method, formula, price, items }: ScoringPoints): ScoringProblem | null {
  if (method === 'lowest-price') return null
  const total = exact(price) + items.reduce((sum, max) => sum + exact(max), 0)
  if (total !== exact(100))
    return { reason: `价格分与各评分项满分之和应为 100 分，现为 ${total / 10_000} 分`, article: '评标办法' }
  if (edition.ruleSet === 'tender') return null
  const least = edition.minimumPricePercent
  if (price < least) return { reason: `价格分值占总分值的比重不得低于 ${least}%，现为 ${price}%`, article: order87 }
  if (formula !== 'F1') return { reason: '综合评分法的价格分应当采用低价优先法计算', article: order87 }
  return null
}
