import { and, eq, exists, isNull, notInArray, or } from 'drizzle-orm'
import { opening } from '@/db/schema/trading/opening'
import { attendance } from '@/db/schema/trading/opening-act'
import { lot } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { followTerminations, isLeftBehind } from './abort.server'
import { publishAttendance } from './attendance.server'
import { finalPhases } from './opening'

/** What an opening also needs, and what nobody waits for: ending with its lot, and naming who had signed in. */
export async function workAside(ctx: Ctx): Promise<void> {
  await followTerminations(ctx)
  await publishAttendance(ctx)
}

/** Now when there is something of it to do, else null. */
export async function nextAside(ctx: Ctx): Promise<Date | null> {
  const isSealed = exists(ctx.db.select().from(attendance).where(isNull(attendance.openedAt)))
  const isUnnamed = and(isNull(opening.attendedAt), notInArray(opening.phase, ['closing', 'counting']), isSealed)
  const [row] = await ctx.db
    .select({ id: opening.id })
    .from(opening)
    .innerJoin(lot, and(eq(lot.id, opening.lotId), eq(lot.round, opening.round)))
    .where(or(isLeftBehind, and(notInArray(opening.phase, [...finalPhases]), isUnnamed)))
    .limit(1)
  return row ? ctx.now : null
}
