import { randomUUID } from 'node:crypto'
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { debarment } from '@/db/schema/trading/eligibility'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'

export type Debarment = typeof debarment.$inferSelect

/** What a supervisor enters: whom, from when to when (days of Beijing, both included), why, and by whose decision. */
export type NewDebarment = Pick<Debarment, 'creditCode' | 'name' | 'reason' | 'source' | 'startsOn' | 'endsOn'>

/** Enters an organisation that may not bid for a time (政府采购法 77, 招标投标法 53–54). Its commits are refused and recorded meanwhile. */
export const enterDebarment = command('organisation.debar', async (ctx, input: NewDebarment) => {
  const row = { id: randomUUID(), ...input, enteredBy: personOf(ctx).personId, enteredAt: ctx.now }
  await ctx.db.insert(debarment).values(row)
  return { result: { id: row.id }, entry: { facts: { ...input, debarment: row.id } } }
})

/** Ends a debarment before its time (revoked, repaired), with the reason. */
export const endDebarment = command(
  'organisation.debar',
  async (ctx, { id, reason }: { id: string; reason: string }) => {
    const open = and(eq(debarment.id, id), isNull(debarment.endedAt))
    const [ended] = await ctx.db.update(debarment).set({ endedAt: ctx.now, endReason: reason }).where(open).returning()
    refuseUnless(ended, 'not-found')
    return { result: { id }, entry: { facts: { debarment: id, reason } } }
  },
  'organisation.debar-end',
)

/** Everybody who is or was debarred, the newest first, at most 500: public, as such lists are. */
export const listDebarments = (ctx: Ctx): Promise<Debarment[]> =>
  ctx.db.select().from(debarment).orderBy(desc(debarment.enteredAt)).limit(500)

const today = sql`(trade_clock() at time zone 'Asia/Shanghai')::date`

/** Of these organisations, those debarred today, each with the debarment that ends last. */
export async function listDebarred(ctx: Ctx, organisationIds: string[]): Promise<Map<string, Debarment>> {
  if (organisationIds.length === 0) return new Map()
  const rows = await ctx.db
    .select({ id: organisation.id, row: debarment })
    .from(debarment)
    .innerJoin(organisation, eq(organisation.creditCode, debarment.creditCode))
    .where(
      and(
        inArray(organisation.id, organisationIds),
        isNull(debarment.endedAt),
        sql`${debarment.startsOn} <= ${today} and ${debarment.endsOn} >= ${today}`,
      ),
    )
    .orderBy(debarment.endsOn)
  return new Map(rows.map(({ id, row }) => [id, row]))
}
