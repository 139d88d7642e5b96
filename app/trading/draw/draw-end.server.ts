import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { draw, drawContact, drawLot } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { type Message, notifyMany } from '~/platform/notification/notification.server'
import { next } from '~/shared/flow'
import { formatMinute } from '~/shared/time'
import { openExpert } from '../expert/expert.server'
import { drawFlow, stoppedStates } from './draw'
import { releaseDraw } from './draw-booking.server'
import { reachOf } from './draw-contact.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { announce } from './draw-store.server'
import { listRepresentatives, openRepresentative } from './representative.server'

/** A lot that ended without an award; once archived its reason still tells it from one that was awarded. */
const hasFailed = sql`(${lot.state} in ('failed', 'terminated') or (${lot.state} = 'archived' and ${lot.failReason} is not null))`

/**
 * Draws nothing more can come of: each of their lots has failed or was terminated. Not those whose committee made its report: that evaluation
 * was held, and what the report says may be the very failure.
 */
export async function listToEnd(ctx: Ctx, id?: string): Promise<string[]> {
  const lots = sql`from ${drawLot} join ${lot} on ${lot.id} = ${drawLot.lotId} where ${drawLot.drawId} = ${draw.id}`
  const reported = sql`from ${drawLot} join evaluation_report r on r.lot_id = ${drawLot.lotId} and r.round = ${drawLot.round}
    where ${drawLot.drawId} = ${draw.id}`
  const live = sql`${draw.state} not in ${stoppedStates}`
  const all = sql`exists (select 1 ${lots} and ${hasFailed}) and not exists (select 1 ${lots} and not ${hasFailed})`
  const rows = await ctx.db
    .select({ id: draw.id })
    .from(draw)
    .where(and(live, all, sql`not exists (select 1 ${reported})`, id ? eq(draw.id, id) : undefined))
    .limit(500)
  return rows.map(row => row.id)
}

/** Everybody called who has not left is told, without a word on the project (EX-09). Returns how many. */
export async function tellReleased(ctx: Ctx, row: DrawRow, why: string): Promise<number> {
  const text = `【评标专家通知】原定 ${formatMinute(row.evaluationAt)} 在${row.city}的评标因${why}不再进行，不再需要您参加，该时段已解除占用。感谢支持。`
  const people = await ctx.db
    .select({ code: expert.code, box: expert.box })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .where(and(eq(drawContact.drawId, row.id), inArray(drawContact.state, ['invited', 'accepted'])))
  const named = (await listRepresentatives(ctx, row.id)).filter(({ state }) => state === 'invited' || state === 'accepted')
  const messages: Message[] = [
    ...people.map(person => ({ ...reachOf(row, openExpert(ctx.platform, person)), text })),
    ...named.map(who => ({ channel: 'sms' as const, to: openRepresentative(ctx, who).phone, text })),
  ]
  await notifyMany(ctx, messages)
  return messages.length
}

/** The lots of a draw, each with why it ended. */
const readReasons = (ctx: Ctx, drawId: string) =>
  ctx.db
    .select({ id: lot.id, code: lot.code, state: lot.state, reason: lot.failReason })
    .from(drawLot)
    .innerJoin(lot, eq(lot.id, drawLot.lotId))
    .where(eq(drawLot.drawId, drawId))
    .orderBy(asc(lot.code))

/**
 * Ends a draw with the last of its lots: nobody more is called, whoever was called is told and held no longer. What was drawn stays as it is and can
 * be replayed; no lot is left to draw for again. Says whether it did.
 */
export const endDraw = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const row = await lockDraw(ctx, id)
    if ((await listToEnd(ctx, id)).length === 0) return { result: false, entry: null }
    const state = next(drawFlow, row.state, 'end')
    const lots = await readReasons(ctx, id)
    const endReason = lots.map(({ code, reason }) => `${code}：${reason ?? ''}`).join('\n')
    await ctx.db.update(draw).set({ state, endedAt: ctx.now, endReason }).where(eq(draw.id, id))
    const told = await tellReleased(ctx, row, '招标终止或流标')
    await releaseDraw(ctx, id)
    await announce(ctx, id)
    return { result: true, entry: { lotId: row.lotId, facts: { draw: row.drawId, lots: lots.map(one => one.id), told } } }
  },
  'draw.end',
)
