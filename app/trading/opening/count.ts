import type { BidState } from '@/db/schema/trading/bid'

/** One statement that reached a lot in time. */
export type Statement = {
  organisationId: string
  seq: number
  /** No files: 撤回 before the deadline. */
  isWithdrawal: boolean
  leafIdx: number
  /** Committed, or confirmed (tbid/confirm@1), under the terms in force at the deadline. */
  isUpToDate: boolean
}

export type Counted<S extends Statement> = {
  statement: S
  state: Extract<BidState, 'locked' | 'replaced' | 'withdrawn-before' | 'refused'>
  by: number | null
}

function judge<S extends Statement>(statement: S, next: S | undefined): Counted<S> {
  if (next?.isWithdrawal) return { statement, state: 'withdrawn-before', by: next.leafIdx }
  if (next) return { statement, state: 'replaced', by: next.leafIdx }
  if (statement.isWithdrawal) return { statement, state: 'withdrawn-before', by: null }
  return { statement, state: statement.isUpToDate ? 'locked' : 'refused', by: null }
}

/**
 * What becomes of every statement of a lot at its deadline, in log order: the last one of each organisation counts, unless it
 * withdraws (《招标投标法》29); one that was not confirmed after the terms changed is void (crypto.md §10.6).
 */
export function countStatements<S extends Statement>(statements: S[]): Counted<S>[] {
  const byOrganisation = new Map<string, S[]>()
  for (const statement of [...statements].sort((a, b) => a.seq - b.seq)) {
    byOrganisation.set(statement.organisationId, [...(byOrganisation.get(statement.organisationId) ?? []), statement])
  }
  const judged = [...byOrganisation.values()].flatMap(own => own.map((statement, i) => judge(statement, own[i + 1])))
  return judged.sort((a, b) => a.statement.leafIdx - b.statement.leafIdx)
}
