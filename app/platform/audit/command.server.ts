import type { Ctx } from '../ctx'
import { authorise } from '../identity/authorise.server'
import type { Permission } from '../identity/permission'
import { append, type LogEntry } from '../log/append.server'
import { tradeClock } from './clock.server'

export interface Outcome<R> {
  result: R
  /** What the log keeps; null only where `append` was called inside, to learn the entry's id. */
  entry: LogEntry | null
}

/**
 * One write: authorise → one transaction {ctx.now from trade_clock(), lock, guard, change, log entry, outbox}.
 * Whatever `run` throws rolls everything back. Inside another command it joins that command's transaction.
 */
export function command<Input, Result>(
  permission: Permission,
  run: (ctx: Ctx, input: Input) => Promise<Outcome<Result>>,
  action: string = permission,
) {
  return async (ctx: Ctx, input: Input): Promise<Result> => {
    authorise(ctx.actor, permission)
    const result = await ctx.db.transaction(async tx => {
      const inner: Ctx = { ...ctx, db: tx, now: await tradeClock(tx) }
      const outcome = await run(inner, input)
      if (outcome.entry) await append(inner, action, outcome.entry)
      return outcome.result
    })
    ctx.platform.sequencer.nudge()
    return result
  }
}
