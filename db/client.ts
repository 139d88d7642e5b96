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

/**
 * Opens a pool on `url` (postgres://…). `max` connections; every transaction is bounded by lock and idle timeouts,
 * so that a stuck client can never hold a lot (crypto.md §10.1).
 */
export function connect(url: string, max = 20): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idle_in_transaction_session_timeout: 30_000,
    options: '-c lock_timeout=10000 -c timezone=UTC',
  })
  pool.on('error', () => {}) // an idle connection that dies is replaced; the next query reports a dead server
  let closing: Promise<void> | undefined
  return {
    url,
    pool,
    db: drizzle(pool),
    close: () => (closing ??= pool.end()),
  }
}
