import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'

/** A connection or a transaction: whatever can run a query. */
export type Db = NodePgDatabase
export type Pool = pg.Pool

/** A database at its address. `close` waits for queries in flight. */
export interface Database {
  url: string
  db: Db
  pool: pg.Pool
  close(): Promise<void>
}

/** How long a transaction of this pool may wait, run and idle. `isPassing`: idle connections are given back and hold no process. */
export interface Limits {
  lockMs?: number
  statementMs?: number
  idleMs?: number
  isPassing?: boolean
}

/** Connections of a lasting pool that stay open, however long nothing happens. */
const keptOpen = 4

/**
 * Opens a pool on `url` (postgres://…). `max` connections; every transaction is bounded by lock and idle timeouts,
 * so that a stuck client can never hold a lot (crypto.md §10.1).
 */
export function connect(url: string, max = 20, limits: Limits = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idle_in_transaction_session_timeout: limits.idleMs ?? 30_000,
    ...(limits.statementMs ? { statement_timeout: limits.statementMs } : {}),
    // A deadline after a quiet hour must not begin with handshakes, nor may many processes hold more than they use.
    ...(limits.isPassing ? { allowExitOnIdle: true, idleTimeoutMillis: 10_000 } : { min: Math.min(max, keptOpen) }),
    options: `-c lock_timeout=${limits.lockMs ?? 10_000} -c timezone=UTC`,
  })
  pool.on('error', () => {}) // an idle connection that dies is replaced; the next query reports a dead server
  // One in use may die between two queries; without a listener that would end the process (seen when the server is killed).
  pool.on('connect', client => client.on('error', () => {}))
  let closing: Promise<void> | undefined
  return {
    url,
    pool,
    db: drizzle(pool),
    close: () => (closing ??= pool.end()),
  }
}
