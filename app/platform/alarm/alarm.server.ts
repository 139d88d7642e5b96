import { randomUUID } from 'node:crypto'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { alarm } from '@/db/schema/platform/clock'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'
import type { AlarmKind } from './alarm.text'

export interface Raised {
  kind: AlarmKind
  facts: Record<string, string>
}

/** Raises an alarm for the operator and enters it in the log; while one of its kind is open nothing more is said. */
export const raiseAlarm = command('alarm.raise', async (ctx, { kind, facts }: Raised) => {
  const row = { id: randomUUID(), kind, facts, raisedAt: ctx.now }
  const [made] = await ctx.db.insert(alarm).values(row).onConflictDoNothing().returning({ id: alarm.id })
  if (made) ctx.platform.logger.error({ alarm: kind, ...facts }, 'alarm')
  return { result: null, entry: made ? { facts: { kind, ...facts } } : null }
})

/** Ends the open alarm of a kind, if there is one. */
export const clearAlarm = command(
  'alarm.raise',
  async (ctx, { kind }: { kind: AlarmKind }) => {
    const open = and(eq(alarm.kind, kind), isNull(alarm.clearedAt))
    const [ended] = await ctx.db.update(alarm).set({ clearedAt: ctx.now }).where(open).returning({ id: alarm.id })
    return { result: null, entry: ended ? { facts: { kind } } : null }
  },
  'alarm.clear',
)

/** Alarms, the newest first, at most 50. */
export async function listAlarms(ctx: Ctx) {
  const rows = await ctx.db.select().from(alarm).orderBy(desc(alarm.raisedAt)).limit(50)
  return rows.map(row => ({ ...row, kind: row.kind as AlarmKind, facts: row.facts as Record<string, string> }))
}

export type AlarmRead = Awaited<ReturnType<typeof listAlarms>>[number]

/** Whether an alarm of this kind is open. */
export async function isAlarmOpen(ctx: Ctx, kind: AlarmKind): Promise<boolean> {
  const open = and(eq(alarm.kind, kind), isNull(alarm.clearedAt))
  return (await ctx.db.select({ id: alarm.id }).from(alarm).where(open)).length > 0
}
