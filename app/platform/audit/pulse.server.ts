import { randomUUID } from 'node:crypto'
import { isNull, type SQL, sql } from 'drizzle-orm'
import { outage, pulse } from '@/db/schema/platform/clock'
import type { Ctx, Platform } from '../ctx'
import { systemCtx } from '../start.server'
import { command } from './command.server'

const everyMs = 1_000
/** A few beats missed: shorter is a slow commit, not an outage. */
const silentMs = 5_000

export type OutageRow = typeof outage.$inferSelect

/**
 * Says that a web process serves, by the database's clock. Whichever beats first after all were silent records the time between
 * as an outage, in the same transaction: what is recorded once is never recorded again.
 */
export const beat = command(
  'alarm.raise',
  async (ctx, _: Record<never, never>) => {
    const [last] = await ctx.db.select({ at: pulse.at }).from(pulse).for('update')
    await ctx.db
      .insert(pulse)
      .values({ at: ctx.now })
      .onConflictDoUpdate({ target: pulse.id, set: { at: ctx.now } })
    if (!last || ctx.now.getTime() - last.at.getTime() < silentMs) return { result: null, entry: null }
    await ctx.db.insert(outage).values({ id: randomUUID(), from: last.at, to: ctx.now })
    await ctx.db.execute(sql`select pg_notify('due', '')`)
    return { result: null, entry: { facts: { from: last.at.toISOString(), to: ctx.now.toISOString() } } }
  },
  'platform.outage',
)

/** Beats at once and then every second until stopped. A beat that fails is missed, and that is what it is for. */
export async function startPulse(platform: Platform): Promise<() => void> {
  const once = async () => {
    await beat(await systemCtx(platform, 'pulse'), {})
  }
  const missed = (error: unknown) => platform.logger.warn({ err: error }, 'pulse')
  await once().catch(missed)
  const timer = setInterval(() => void once().catch(missed), everyMs)
  return () => clearInterval(timer)
}

/**
 * SQL: whether nobody has served since this instant, where anybody ever did. What ended then may have ended in an outage that is
 * not recorded yet: the next beat tells.
 */
export const isSilentSince = (instant: SQL): SQL => sql`coalesce(${instant} > (select p.at from pulse p), false)`

/** Outages whose time was not given back yet, in their order. */
export const listOutages = (ctx: Ctx): Promise<OutageRow[]> =>
  ctx.db.select().from(outage).where(isNull(outage.madeGoodAt)).orderBy(outage.from)
