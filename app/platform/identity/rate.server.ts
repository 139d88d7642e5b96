import { sql } from 'drizzle-orm'
import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'

/** Counts one attempt under `key`; more than `limit` in `seconds` refuses too-many. Outside the caller's transaction, so refusals count too. */
export async function countAttempt(ctx: Ctx, key: string, limit: number, seconds: number): Promise<void> {
  const { rows } = await ctx.platform.database.db.execute<{ count: number }>(sql`
    insert into rate_window (key, count, started_at) values (${key}, 1, trade_clock())
    on conflict (key) do update set
      count = case when rate_window.started_at < trade_clock() - make_interval(secs => ${seconds}) then 1 else rate_window.count + 1 end,
      started_at = case when rate_window.started_at < trade_clock() - make_interval(secs => ${seconds}) then trade_clock() else rate_window.started_at end
    returning count`)
  if (rows[0]!.count > limit) throw new Refusal('too-many', { retryAfter: `${seconds} 秒` })
}
