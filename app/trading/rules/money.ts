import type { RuleEdition } from './edition'

/** The most a bid deposit may be, in fen: a share of the budget (rounded down) and, for works, an absolute cap. */
export function depositCap({ money }: RuleEdition, budgetFen: bigint): bigint {
  const share = (budgetFen * BigInt(money.depositPercent)) / 100n
  return money.depositCapFen !== null && money.depositCapFen < share ? money.depositCapFen : share
}

/** The most a performance bond may be, in fen: a share of the contract price, rounded down. */
export function performanceCap({ money }: RuleEdition, contractFen: bigint): bigint {
  return (contractFen * BigInt(money.performancePercent)) / 100n
}
