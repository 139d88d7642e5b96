import { and, eq, isNull, sql } from 'drizzle-orm'
import { opening } from '@/db/schema/trading/opening'
import { lot } from '@/db/schema/trading/project'
import type { Ctx, Platform } from '~/platform/ctx'
import { readAhead } from '../bid/sealed-index.server'
import { firstStageOf } from '../custody/policy'

/**
 * The insert that goes with closing: one opening per lot and round, its events numbered on from the round before. Of two
 * envelopes (双信封) it begins with the first.
 */
const openingOf = sql`
  insert into opening (id, lot_id, round, phase, stage, event_seq, created_at, next_check_at)
  select gen_random_uuid(), c.id, c.round, 'closing', case when c.terms ->> 'envelopes' = '2' then ${firstStageOf(2)} end,
    coalesce((select max(o.event_seq) from opening o where o.lot_id = c.id), 0), c.closed_at, c.closed_at
  from closed c`

const isDue = sql`state = 'bidding' and closed_at is null and bidding_ends_at <= (select trade_clock()) and (select clock_is_sound())`

/** Lots that nobody holds, all in one statement. */
async function closeFree(ctx: Ctx): Promise<number> {
  const { rowCount } = await ctx.db.execute(sql`
    with due as (select id from lot where ${isDue} order by id for update skip locked),
    closed as (
      update lot set state = 'closed', closed_at = trade_clock(), next_check_at = null
      from due where lot.id = due.id returning lot.id, lot.round, lot.closed_at, lot.opening_terms as terms)
    ${openingOf}`)
  return rowCount ?? 0
}

/** One lot in which a commit is in flight: waits for it, and for nothing else. */
async function closeHeld(ctx: Ctx, lotId: string): Promise<number> {
  const { rowCount } = await ctx.db.execute(sql`
    with closed as (
      update lot set state = 'closed', closed_at = trade_clock(), next_check_at = null
      where id = ${lotId} and ${isDue} returning id, round, closed_at, opening_terms as terms)
    ${openingOf}`)
  return rowCount ?? 0
}

const dueLots = (ctx: Ctx) => ctx.db.select({ id: lot.id }).from(lot).where(isDue)

/** At most this many waits at once, so that slow commits cannot take every connection. */
const heldAtOnce = 6

/**
 * Closes every lot whose deadline has come, by the database's clock (crypto.md §10.1): first those nobody holds, in one
 * statement, then at once the rest, each waiting only for the commits in flight in that lot. Returns how many.
 */
export async function closeDueLots(ctx: Ctx): Promise<number> {
  let closed = await closeFree(ctx)
  const held = (await dueLots(ctx)).map(row => row.id)
  const closeNext = async () => {
    for (let lotId = held.pop(); lotId; lotId = held.pop()) closed += await closeHeld(ctx, lotId)
  }
  const settled = await Promise.allSettled(Array.from({ length: heldAtOnce }, closeNext))
  for (const result of settled)
    if (result.status === 'rejected') ctx.platform.logger.warn({ err: result.reason }, 'a lot is still held')
  return closed
}

const aheadMs = 10_000
const betweenMs = 3_000
const readAt = new WeakMap<Platform, number>()

/** When what the next deadline needs is to be read ahead: some seconds before it, and again as more comes in. */
export async function nextReadAhead(ctx: Ctx): Promise<Date | null> {
  const deadline = await nextDeadline(ctx)
  if (!deadline || deadline <= ctx.now) return null
  const last = (readAt.get(ctx.platform) ?? Number.NEGATIVE_INFINITY) + betweenMs - performance.now()
  return new Date(Math.max(deadline.getTime() - aheadMs, ctx.now.getTime() + Math.max(0, last)))
}

/** Reads ahead, into memory alone, the boxes of lots that are soon due (crypto.md §10.2). Whoever did not, reads them at the deadline. */
export async function readDueAhead(ctx: Ctx): Promise<void> {
  readAt.set(ctx.platform, performance.now())
  const soon = sql`state = 'bidding' and closed_at is null and bidding_ends_at < trade_clock() + ${`${aheadMs} milliseconds`}::interval`
  const rows = await ctx.db.select({ id: lot.id }).from(lot).where(soon)
  await readAhead(
    ctx,
    rows.map(row => row.id),
  )
}

/** When the next lot's deadline comes, or null. */
export async function nextDeadline(ctx: Ctx): Promise<Date | null> {
  const [row] = await ctx.db
    .select({ at: sql<string | null>`min(${lot.biddingEndsAt})::text` })
    .from(lot)
    .where(and(eq(lot.state, 'bidding'), isNull(lot.closedAt)))
  return row?.at ? new Date(row.at) : null
}

/**
 * The deadline checkpoint: drains what the commits wrote, then one public checkpoint for all lots just closed. An opening
 * remembers its size; every leaf of the lot lies below it.
 */
export async function publishDeadline(ctx: Ctx): Promise<void> {
  const waiting = and(eq(opening.phase, 'closing'), isNull(opening.deadlineSize))
  const rows = await ctx.db.select({ id: opening.id }).from(opening).where(waiting)
  if (rows.length === 0) return
  const size = await ctx.platform.sequencer.publish()
  const ids = rows.map(row => row.id)
  await ctx.db.execute(sql`
    with due as materialized (
      select id from opening where id = any(${sql.param(ids)}::uuid[]) and phase = 'closing' and deadline_size is null
      order by id for update skip locked)
    update opening o set deadline_size = ${size} from due where o.id = due.id`)
}
