import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import { opening, openingEvent } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import type { HallEvent, HallFacts, HallKind } from './hall'
import { dueAt, type OpeningEvent, openingFlow } from './opening'
import { openingEventText, openingPhaseText } from './opening.text'

export type OpeningRow = typeof opening.$inferSelect

/** The opening of a lot's latest round, locked until the command ends; null while the lot has not closed. */
export async function lockOpening(ctx: Ctx, lotId: string): Promise<OpeningRow | null> {
  const [row] = await ctx.db
    .select()
    .from(opening)
    .where(eq(opening.lotId, lotId))
    .orderBy(sql`${opening.round} desc`)
    .limit(1)
    .for('update')
  return row ?? null
}

/** The opening of a lot's latest round, or null. */
export async function findOpening(ctx: Ctx, lotId: string): Promise<OpeningRow | null> {
  const [row] = await ctx.db.select().from(opening).where(eq(opening.lotId, lotId)).orderBy(sql`${opening.round} desc`).limit(1)
  return row ?? null
}

/** Moves an opening whose row this command has locked; refuses an event its phase does not know. */
export async function moveOpening(
  ctx: Ctx,
  row: OpeningRow,
  event: OpeningEvent,
  changes: Partial<OpeningRow> = {},
): Promise<OpeningRow> {
  const to = openingFlow[row.phase][event]
  if (!to) throw new Refusal('wrong-state', { state: openingPhaseText[row.phase], event: openingEventText[event] })
  return changeOpening(ctx, row, { ...changes, phase: to })
}

/** Changes an opening whose row this command has locked, and sets when the clock looks at it again. */
export async function changeOpening(ctx: Ctx, row: OpeningRow, changes: Partial<OpeningRow>): Promise<OpeningRow> {
  const { eventSeq: _, ...after } = { ...row, ...changes }
  const nextCheckAt = changes.nextCheckAt ?? dueAt(after, ctx.now)
  const [changed] = await ctx.db
    .update(opening)
    .set({ ...changes, nextCheckAt })
    .where(eq(opening.id, row.id))
    .returning()
  if (!changed) throw new Refusal('changed-meanwhile')
  // Something is due now: the clock need not find out by itself.
  if (nextCheckAt && nextCheckAt <= ctx.now) await ctx.db.execute(sql`select pg_notify('due', '')`)
  return changed
}

/** One thing to say in the hall. */
export type Saying = { [K in HallKind]: readonly [kind: K, facts: HallFacts[K]] }[HallKind]

/**
 * Says something in the hall (开标大厅), in this order. Numbers are given under the opening's row lock and become visible
 * when the transaction commits, so that a reader never sees a gap or a later event first.
 */
export async function say(ctx: Ctx, row: Pick<OpeningRow, 'id' | 'lotId'>, ...sayings: Saying[]): Promise<void> {
  if (sayings.length === 0) return
  const [counted] = await ctx.db
    .update(opening)
    .set({ eventSeq: sql`${opening.eventSeq} + ${sayings.length}` })
    .where(eq(opening.id, row.id))
    .returning({ last: opening.eventSeq })
  const first = counted!.last - sayings.length + 1
  const rows = sayings.map(([kind, facts], i) => ({ lotId: row.lotId, seq: first + i, kind, facts: facts as Json, at: ctx.now }))
  await ctx.db.insert(openingEvent).values(rows)
  await ctx.db.execute(sql`select pg_notify('opening', ${row.lotId})`)
}

/** What happened in a lot's hall after event `after`, in order, at most `limit`. */
export async function listEvents(ctx: Ctx, lotId: string, after = 0, limit = 1_000): Promise<HallEvent[]> {
  const rows = await ctx.db
    .select({ seq: openingEvent.seq, kind: openingEvent.kind, facts: openingEvent.facts, at: openingEvent.at })
    .from(openingEvent)
    .where(and(eq(openingEvent.lotId, lotId), gt(openingEvent.seq, after)))
    .orderBy(asc(openingEvent.seq))
    .limit(limit)
  return rows.map(row => ({ ...row, at: row.at.toISOString() }) as HallEvent)
}

const retryMs = 2_000

/** A step that failed is reported and tried again a little later: one broken lot neither stops the others nor spins the clock. */
export async function postpone(ctx: Ctx, lotId: string, error: unknown): Promise<void> {
  ctx.platform.logger.error({ err: error, lotId }, 'opening')
  const again = new Date(ctx.now.getTime() + retryMs)
  await ctx.db
    .update(opening)
    .set({ nextCheckAt: again })
    .where(and(eq(opening.lotId, lotId), sql`${opening.nextCheckAt} < ${again.toISOString()}::timestamptz`))
}
