import { and, eq, inArray, max, not, or, sql } from 'drizzle-orm'
import { draw, drawLot } from '@/db/schema/trading/draw'
import { type LotState, lot, project } from '@/db/schema/trading/project'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { readPublicCheckpoint } from '~/platform/log/read.server'
import { earliestDraw } from '../rules/draw-time'
import { ruleEdition } from '../rules/editions'
import { startEvaluation } from './committee.server'
import { listOverdue, passOver } from './draw-contact.server'
import { endDraw, listToEnd } from './draw-end.server'
import { noteLastIndex } from './draw-fixed.server'
import { isOfRound } from './draw-lots.server'
import { seatPanel } from './draw-outcome.server'
import { actAsPlatform } from './draw-platform.server'
import { listToRemind, listToUrge, remind, urge } from './draw-remind.server'
import { beginDraw, drawableLots } from './draw-start.server'
import { messagesOf, readDrawRow } from './draw-store.server'
import { listToRecheck, recheckPanel } from './recheck.server'
import { listToInvite } from './representative.server'
import { inviteRepresentative } from './representative-acts.server'

async function listIn(ctx: Ctx, states: (typeof draw.$inferSelect)['state'][]): Promise<string[]> {
  const rows = await ctx.db.select({ id: draw.id }).from(draw).where(inArray(draw.state, states)).orderBy(draw.createdAt)
  return rows.map(row => row.id)
}

/** Whether any lot of a draw stands there: the first of several may have failed before the others. */
const hasLotIn = (states: readonly LotState[]) =>
  sql`exists (select 1 from ${drawLot} dl join ${lot} other on other.id = dl.lot_id where dl.draw_id = ${draw.id} and other.state in ${states})`

/** Approved draws whose lead time allows them (EX-04) and whose bidders are known, unless they were asked for before that. */
async function listDrawable(ctx: Ctx): Promise<string[]> {
  // A committee for several lots waits until the last of them has its bids known, or has ended without.
  const waits = sql`exists (select 1 from ${drawLot} dl join ${lot} other on other.id = dl.lot_id
    where dl.draw_id = ${draw.id} and other.state in ('bidding', 'closed'))`
  const known = and(hasLotIn(drawableLots), not(waits))
  const early = and(eq(draw.isEarly, true), hasLotIn(['bidding', 'closed', ...drawableLots]))
  const due = and(eq(draw.state, 'approved'), or(known, early))
  const columns = { id: draw.id, evaluationAt: draw.evaluationAt, edition: project.edition }
  const rows = await ctx.db
    .select(columns)
    .from(draw)
    .innerJoin(lot, eq(lot.id, draw.lotId))
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(due)
  if (rows.length === 0) return []
  const calendar = await readCalendar(ctx.db)
  return rows.filter(row => earliestDraw(ruleEdition(row.edition), row.evaluationAt, calendar) <= ctx.now).map(row => row.id)
}

async function listReadyLots(ctx: Ctx): Promise<string[]> {
  const ready = and(eq(draw.state, 'complete'), eq(lot.state, 'opened'))
  const rows = await ctx.db.selectDistinct({ id: lot.id }).from(draw).innerJoin(lot, isOfRound).where(ready)
  return rows.map(row => row.id)
}

/** One public checkpoint for all draws whose commitments are complete: the witness cosigns it, and V follows for each of them. */
async function stepCommitting(ctx: Ctx): Promise<void> {
  await each(ctx, await listIn(ctx, ['committing']), async id => {
    await actAsPlatform(ctx, id)
    const row = await readDrawRow(ctx, id)
    await noteLastIndex(ctx, row, await messagesOf(ctx, row))
  })
  const [last] = await ctx.db
    .select({ idx: max(draw.lastIdx) })
    .from(draw)
    .where(eq(draw.state, 'committing'))
  if (last?.idx === null || last === undefined) return
  const published = await readPublicCheckpoint(ctx)
  if (last.idx >= (published?.size ?? 0)) await ctx.platform.sequencer.publish()
}

async function stepRevealing(ctx: Ctx, id: string): Promise<void> {
  await actAsPlatform(ctx, id)
  await seatPanel(ctx, { id })
}

/** One failing draw is reported and does not hold up the others. */
async function each(ctx: Ctx, ids: string[], step: (id: string) => Promise<unknown>): Promise<void> {
  for (const id of ids) {
    await step(id).catch((error: unknown) => ctx.platform.logger.error({ err: error, draw: id }, 'draw step'))
  }
}

const pauseMs = 250
const lastStep = new WeakMap<Platform, number>()

/** Soon, while any draw waits for the platform or for its parties (who answer in their own time); null when none does. */
export async function nextDrawStep(ctx: Ctx): Promise<Date | null> {
  const waiting = [
    await listToEnd(ctx),
    await listDrawable(ctx),
    await listIn(ctx, ['committing', 'revealing']),
    await listOverdue(ctx),
    await listToUrge(ctx),
    await listToRemind(ctx),
    await listToRecheck(ctx),
    await listToInvite(ctx),
    await listReadyLots(ctx),
  ]
  if (waiting.every(list => list.length === 0)) return null
  return new Date(Math.max(ctx.now.getTime(), (lastStep.get(ctx.platform) ?? 0) + pauseMs))
}

/** Does all that draws owe at this instant; doing it twice does it once. */
export async function stepDraws(ctx: Ctx): Promise<void> {
  lastStep.set(ctx.platform, ctx.now.getTime())
  await each(ctx, await listToEnd(ctx), id => endDraw(ctx, { id }))
  await each(ctx, await listDrawable(ctx), id => beginDraw(ctx, { id }))
  await stepCommitting(ctx)
  await each(ctx, await listIn(ctx, ['revealing']), id => stepRevealing(ctx, id))
  await each(ctx, await listToRecheck(ctx), id => recheckPanel(ctx, { id }))
  await each(ctx, await listOverdue(ctx), id => passOver(ctx, { id }))
  await each(ctx, await listToUrge(ctx), id => urge(ctx, { id }))
  await each(ctx, await listToRemind(ctx), id => remind(ctx, { id }))
  await each(ctx, await listToInvite(ctx), id => inviteRepresentative(ctx, { id }))
  await each(ctx, await listReadyLots(ctx), lotId => startEvaluation(ctx, { lotId }))
}
