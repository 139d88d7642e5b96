import { and, eq, inArray, isNull, not, sql } from 'drizzle-orm'
import { draw, drawContact, drawLot } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { notifyMany } from '~/platform/notification/notification.server'
import { formatMinute } from '~/shared/time'
import { openExpert } from '../expert/expert.server'
import { tiedToBidders } from './avoidance.server'
import { seatedStates } from './draw'
import { type ContactRow, reachOf, recordOutcome } from './draw-contact.server'
import { type DrawRow, lockDraw } from './draw-request.server'

/** Lots whose bidders nobody may know yet: not closed, or closed with the list of leaves not in the log. */
const openStates = ['bidding', 'closed'] as const

/** Panels drawn before the bids were known, all of whose lots are closed by now, not yet checked against the bidders. */
export async function listToRecheck(ctx: Ctx): Promise<string[]> {
  const waits = sql`exists (select 1 from ${drawLot} dl join ${lot} l on l.id = dl.lot_id
    where dl.draw_id = ${draw.id} and l.state in ${openStates})`
  const early = and(eq(draw.isEarly, true), isNull(draw.recheckedAt), inArray(draw.state, seatedStates), not(waits))
  const rows = await ctx.db.select({ id: draw.id }).from(draw).where(early).limit(500)
  return rows.map(row => row.id)
}

async function isKnown(ctx: Ctx, row: DrawRow): Promise<boolean> {
  const rows = await ctx.db
    .select({ state: lot.state })
    .from(drawLot)
    .innerJoin(lot, eq(lot.id, drawLot.lotId))
    .where(eq(drawLot.drawId, row.id))
  return rows.every(one => !(openStates as readonly string[]).includes(one.state))
}

/** Whoever leaves is told so, without a word on the project or on who bids. */
async function tellLeaving(ctx: Ctx, row: DrawRow, leaving: ContactRow[]): Promise<void> {
  const people = await ctx.db
    .select()
    .from(expert)
    .where(
      inArray(
        expert.id,
        leaving.map(one => one.expertId),
      ),
    )
  const text = `【评标专家通知】${formatMinute(row.evaluationAt)} 在${row.city}的评标，因您依法应当回避，不再需要您参加。感谢支持。`
  await notifyMany(
    ctx,
    people.map(person => ({ ...reachOf(row, openExpert(ctx.platform, person)), text })),
  )
}

/**
 * Checks an earlier panel against the bidders, once, after `lot.close` (EX-07, EX-11): whoever is tied to one leaves and the next of the same
 * ranking takes the seat, every step an event of the draw. Who follows is checked before being called. Says how many left.
 */
export const recheckPanel = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const row = await lockDraw(ctx, id)
    const isDue = row.isEarly && !row.recheckedAt && seatedStates.includes(row.state) && (await isKnown(ctx, row))
    if (!isDue) return { result: null, entry: null }
    const checked = { ...row, recheckedAt: ctx.now }
    await ctx.db.update(draw).set({ recheckedAt: ctx.now }).where(eq(draw.id, id))
    const tied = await tiedToBidders(ctx, { ...row, avoid: [] })
    const live = and(eq(drawContact.drawId, id), inArray(drawContact.state, ['invited', 'accepted']))
    const contacts = await ctx.db.select().from(drawContact).where(live).orderBy(drawContact.c)
    const leaving = contacts.filter(one => tied.has(one.expertId))
    if (leaving.length > 0) await tellLeaving(ctx, row, leaving)
    for (const contact of leaving) await recordOutcome(ctx, checked, contact, 'avoid', tied.get(contact.expertId)!)
    return { result: leaving.length, entry: { lotId: row.lotId, facts: { draw: row.drawId, left: leaving.length } } }
  },
  'draw.recheck',
)
