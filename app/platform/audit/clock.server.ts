import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'

/** The database's clock: the only one that decides a deadline (crypto.md §10.1). */
export async function tradeClock(db: Db): Promise<Date> {
  const { rows } = await db.execute<{ now: string }>(sql`select trade_clock()::text as now`)
  return new Date(rows[0]!.now)
}
