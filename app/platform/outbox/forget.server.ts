import { sql } from 'drizzle-orm'
import type { Ctx } from '../ctx'

/** Kept promises are of no use after a month: what was done stands in the log. */
const keptDays = 30
const mostAtOnce = 5_000

/** Forgets promises that were kept a month ago; those given up stay until somebody has them begun again. */
export async function forgetKept(ctx: Ctx): Promise<number> {
  const { rowCount } = await ctx.db.execute(sql`
    delete from outbox where id in (
      select id from outbox where done_at < trade_clock() - make_interval(days => ${keptDays}) limit ${mostAtOnce})`)
  return rowCount ?? 0
}
