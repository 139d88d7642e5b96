import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runMigrations } from 'bullmq'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as migrateSchema } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

/** Any constant: two starts at once take turns. */
const migrationLock = 7_203_811

/**
 * Brings the database at `url` to the current schema: generated migrations, then the hand-written functions and triggers
 * of db/sql, then BullMQ's own. Safe to run twice and from two processes.
 */
export async function migrate(url: string, root: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await migrateSchema(drizzle(client), { migrationsFolder: join(root, 'db/migrations') })
    await ensureClock(client, readFileSync(join(root, 'db/sql/trade-clock.sql'), 'utf8'))
    for (const file of ['clock-sound.sql', 'append-only.sql'])
      await client.query(readFileSync(join(root, 'db/sql', file), 'utf8'))
    await runMigrations(client)
  } finally {
    await client.end()
  }
}

async function ensureClock(client: pg.Client, sql: string): Promise<void> {
  const { rows } = await client.query(`select prosrc from pg_proc where proname = 'trade_clock'`)
  if (rows.length === 0) await client.query(sql)
}

const patienceMs = 60_000
/** Starting up (57P03), or every place still taken by processes that were killed (53300). */
const notYet = ['57P03', '53300']

/** Waits for a database that answers but takes nobody in yet, a minute at most. */
export async function untilOpen(pool: pg.Pool): Promise<void> {
  for (const until = Date.now() + patienceMs; ; await sleep(500)) {
    try {
      return void (await pool.query('select 1'))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!notYet.includes(code) || Date.now() > until) throw error
    }
  }
}

/** Refuses a database whose `trade_clock()` is not the real clock (crypto.md §10.1). Test databases skip this check. */
export async function assertRealClock(pool: pg.Pool): Promise<void> {
  await untilOpen(pool)
  const { rows } = await pool.query(`select prosrc from pg_proc where proname = 'trade_clock'`)
  const source = String(rows[0]?.prosrc ?? '').trim()
  if (rows.length !== 1 || source !== 'select clock_timestamp()') {
    throw new Error(`trade_clock() of this database is not the real clock: ${source || 'missing'}`)
  }
}
