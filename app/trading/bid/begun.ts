/** Sending that began, and what was delivered: instants, and SHA-256 of the statements (null where it was not signed yet). */
export interface Begun {
  at: Date
  statementHash: string | null
}

export interface Delivered {
  at: Date
  statementHash: string
}

/**
 * The sending that was under way when an organisation's time ended, or null: the last one begun, unless its statement came or
 * something came after it. Unfinished at the deadline, it counts as withdrawn (视为撤回, 《电子招标投标办法》27).
 */
export function unfinishedOf<B extends Begun>(begun: B[], delivered: Delivered[]): B | null {
  const last = begun.reduce<B | null>((latest, one) => (latest && latest.at > one.at ? latest : one), null)
  if (!last) return null
  const isDone = delivered.some(one => one.statementHash === last.statementHash || one.at >= last.at)
  return isDone ? null : last
}
