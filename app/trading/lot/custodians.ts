/** A custodian (保管人) of a lot and the interest group it stands for (crypto.md §10.7). */
export type NamedCustodian = { organisationId: string; interestGroup: string }

/** Tenderer and agency count as one interest. */
export const tendererSide = 'tenderer-side'

export type CustodyFacts = {
  custodians: NamedCustodian[]
  threshold: number
  releaseMode: string
  /** Organisations of the tenderer and its agency. */
  tendererOrganisations: string[]
  operatorOrganisations: string[]
}

function groupProblem({ custodians, threshold }: CustodyFacts): string | null {
  const sizes = new Map<string, number>()
  for (const c of custodians) sizes.set(c.interestGroup, (sizes.get(c.interestGroup) ?? 0) + 1)
  for (const [group, size] of sizes) {
    if (size >= threshold) return `利益方“${group}”持有 ${size} 份密钥，已达到门限 ${threshold}，可以单独打开投标文件`
    if (custodians.length - size < threshold) return `没有利益方“${group}”，其余密钥不足门限 ${threshold}，它可以单独阻止打开`
  }
  return null
}

function countProblem({ custodians, threshold, releaseMode }: CustodyFacts): string | null {
  const [n, k] = [custodians.length, threshold]
  if (releaseMode === 'bidder') return n === 0 ? null : '投标人释放的标段不设保管人'
  if (n < 2 || n > 9) return `保管人应为 2 至 9 个，现为 ${n} 个`
  if (k < 2 || k > n) return `门限应为 2 至 ${n}，现为 ${k}`
  if (new Set(custodians.map(c => c.organisationId)).size !== n) return '同一机构不能持有两份密钥'
  return null
}

/** What is unsafe in who holds the keys: nobody alone may open a bid, nobody alone may keep it closed. Null when it is safe. */
export function custodyProblem(facts: CustodyFacts): string | null {
  const { custodians, tendererOrganisations, operatorOrganisations } = facts
  if (custodians.some(c => operatorOrganisations.includes(c.organisationId))) return '平台运维方不得担任保管人'
  const ours = custodians.find(c => tendererOrganisations.includes(c.organisationId) && c.interestGroup !== tendererSide)
  if (ours) return `招标人与代理机构算同一利益方，其利益方应为“${tendererSide}”`
  return countProblem(facts) ?? (custodians.length === 0 ? null : groupProblem(facts))
}
