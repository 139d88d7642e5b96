import { asc, eq, isNotNull, sql } from 'drizzle-orm'
import { hallCase } from '@/db/schema/hall/case'
import { command } from '~/platform/audit/command.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { dueEvent, limitsOf } from './case'
import { type CaseRow, lockCase, moveCase, writeStep } from './step.server'

/** When the clock must look at a case next, or null while none waits. */
export async function nextCaseDue(ctx: Ctx): Promise<Date | null> {
  const [row] = await ctx.db
    .select({ at: hallCase.nextCheckAt })
    .from(hallCase)
    .where(isNotNull(hallCase.nextCheckAt))
    .orderBy(asc(hallCase.nextCheckAt))
    .limit(1)
  return row?.at ?? null
}

/** Does what time alone does to cases: acceptance by default (行政许可法 32 (4)) and the warning of a missed promise. Doing it twice does it once. */
export async function runDueCases(ctx: Ctx): Promise<void> {
  const due = await ctx.db
    .select({ id: hallCase.id })
    .from(hallCase)
    .where(sql`${hallCase.nextCheckAt} <= trade_clock()`)
    .orderBy(asc(hallCase.nextCheckAt))
    .limit(200)
  for (const { id } of due) await passLimit(ctx, id)
}

const passLimit = command(
  'hall.handle',
  async (ctx, caseId: string) => {
    const { row, item } = await lockCase(ctx, caseId)
    const due = dueEvent(row)
    if (due && due.at <= ctx.now) {
      if (due.event === 'overdue') await warn(ctx, row)
      const moved = due.event === 'accept-by-default' ? await acceptByDefault(ctx, row, item) : row
      await writeStep(ctx, { row: moved, item, action: due.event })
    }
    return { result: null, entry: null }
  },
  'hall.case.limit',
)

/** Nobody told a defect in time: it counts as accepted from the day everything was in, and so do its limits. */
async function acceptByDefault(ctx: Ctx, row: CaseRow, item: { promisedDays: number; legalDays: number }): Promise<CaseRow> {
  const limits = limitsOf(await readCalendar(ctx.db), row.receivedAt, item)
  return moveCase(ctx, row, 'accept-by-default', { ...limits, acceptedAt: row.receivedAt, isAcceptedByDefault: true })
}

async function warn(ctx: Ctx, row: CaseRow): Promise<void> {
  await ctx.db.update(hallCase).set({ overdueAt: ctx.now, nextCheckAt: null }).where(eq(hallCase.id, row.id))
}
