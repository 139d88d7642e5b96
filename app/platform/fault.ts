/** What may be said of a fault: its kind, and where it broke. */
export interface FaultFacts {
  kind: string
  code?: string
  at: string[]
}

const deepest = (error: Error): Error => (error.cause instanceof Error ? deepest(error.cause) : error)

/**
 * A fault as it is logged: where it broke, not what it says. A database's message repeats the values it was given, and those may
 * name who bids where (crypto.md §10.2).
 */
export function faultOf(error: unknown): FaultFacts {
  if (!(error instanceof Error)) return { kind: typeof error, at: [] }
  const cause = deepest(error)
  const code = 'code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {}
  const at = [error, cause].flatMap(one => (one.stack ?? '').split('\n').filter(line => /^\s+at /.test(line)))
  return { kind: cause.name, ...code, at: [...new Set(at.map(line => line.trim()))].slice(0, 30) }
}
