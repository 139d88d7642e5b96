import { sql } from 'drizzle-orm'
import { clearAlarm, isAlarmOpen, raiseAlarm } from '../alarm/alarm.server'
import type { Ctx } from '../ctx'

/** The mark is moved at most this often. */
const markSql = sql`
  insert into clock_mark (id, seen_at) values (1, trade_clock())
  on conflict (id) do update set seen_at = excluded.seen_at where excluded.seen_at > clock_mark.seen_at + interval '1 second'`

type State = { is_sound: boolean; seen_at: string }

/**
 * Remembers how far the database's clock has come, and alarms when it is found behind that: a clock that was set back would
 * take late bids as on time and close lots late, so `clock_is_sound()` stops both until it is right again.
 */
export async function watchClock(ctx: Ctx): Promise<void> {
  await ctx.db.execute(markSql)
  const { rows } = await ctx.db.execute<State>(
    sql`select clock_is_sound() as is_sound, (select seen_at::text from clock_mark) as seen_at`,
  )
  const { is_sound: isSound, seen_at: seenAt } = rows[0]!
  if (!isSound) return raiseAlarm(ctx, { kind: 'clock-behind', facts: { seenAt: new Date(seenAt).toISOString() } }).then(() => {})
  if (await isAlarmOpen(ctx, 'clock-behind')) await clearAlarm(ctx, { kind: 'clock-behind' })
}
