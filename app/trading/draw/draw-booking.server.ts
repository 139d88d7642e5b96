import { and, eq, ne, sql } from 'drizzle-orm'
import { drawBooking, drawContact } from '@/db/schema/trading/draw'
import type { Ctx } from '~/platform/ctx'
import { addSeconds } from '~/shared/time'
import type { DrawRow } from './draw-request.server'

/**
 * Any constant: bookings are made by one transaction after the other. Without it two draws that want the same two people in another order
 * would wait for each other until PostgreSQL kills one of them; the lock is the last thing a draw takes and lasts milliseconds.
 */
const bookingLock = 7_203_822

type Times = Pick<DrawRow, 'evaluationAt' | 'hours'>

const duringOf = ({ evaluationAt, hours }: Times) =>
  `[${evaluationAt.toISOString()},${addSeconds(evaluationAt, hours * 3_600).toISOString()})`

/** Holds people for an evaluation. Returns the contacts whose person was free; the others are held elsewhere at that time. */
export async function book(ctx: Ctx, row: Times, contacts: { id: string; expertId: string }[]): Promise<Set<string>> {
  if (contacts.length === 0) return new Set()
  await ctx.db.execute(sql`select pg_advisory_xact_lock(${bookingLock})`)
  const during = duringOf(row)
  const held = await ctx.db
    .insert(drawBooking)
    .values(contacts.map(({ id, expertId }) => ({ contactId: id, expertId, during })))
    .onConflictDoNothing()
    .returning({ id: drawBooking.contactId })
  return new Set(held.map(one => one.id))
}

/** Lets one person go again. */
export const release = (ctx: Ctx, contactId: string) => ctx.db.delete(drawBooking).where(eq(drawBooking.contactId, contactId))

/** Lets everybody of a voided draw go again. */
export async function releaseDraw(ctx: Ctx, drawId: string): Promise<void> {
  const own = ctx.db.select({ id: drawContact.id }).from(drawContact).where(eq(drawContact.drawId, drawId))
  await ctx.db.delete(drawBooking).where(sql`${drawBooking.contactId} in ${own}`)
}

/** Experts held elsewhere while this evaluation runs. */
export async function engagedExperts(ctx: Ctx, row: Times & { id: string }): Promise<Set<string>> {
  const rows = await ctx.db
    .select({ id: drawBooking.expertId })
    .from(drawBooking)
    .innerJoin(drawContact, eq(drawContact.id, drawBooking.contactId))
    .where(and(sql`${drawBooking.during} && ${duringOf(row)}::tstzrange`, ne(drawContact.drawId, row.id)))
  return new Set(rows.map(one => one.id))
}
