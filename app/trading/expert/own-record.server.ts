import { and, desc, eq, isNull } from 'drizzle-orm'
import { expert, expertAvoid, expertEmployment, expertLeave } from '@/db/schema/trading/expert'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import { closeExpert, type Expert, leafOf, openExpert } from './expert.server'
import { findOwn, lockOwn } from './library.server'
import type { ContactInput, EmploymentInput, LeaveInput, TieInput } from './record.form.server'

/** Writes changed columns of an expert's row together with the commitment to them. */
async function writeRecord(ctx: Ctx, row: Expert, change: Partial<Pick<Expert, 'regionCode' | 'employerName' | 'employerCode'>>) {
  const leaf = leafOf(ctx.platform, { ...row, ...change }, openExpert(ctx.platform, row))
  await ctx.db
    .update(expert)
    .set({ ...change, leaf, changedAt: ctx.now })
    .where(eq(expert.id, row.id))
}

/** The expert changes unit: the former one stays in the history and counts for three years (政府采购法实施条例 9). */
export const changeEmployer = command(
  'expert.act',
  async (ctx, input: EmploymentInput) => {
    const row = await lockOwn(ctx)
    const today = dayOf(ctx.now)
    refuseUnless(input.fromOn <= today, 'bad-input', { reason: '起始日期不能晚于今天', field: 'fromOn' })
    await ctx.db
      .update(expertEmployment)
      .set({ untilOn: input.fromOn })
      .where(and(eq(expertEmployment.expertId, row.id), isNull(expertEmployment.untilOn)))
    const former = {
      organisationName: row.employerName,
      creditCode: row.employerCode,
      fromOn: dayOf(row.createdAt),
      untilOn: input.fromOn,
    }
    const now = { organisationName: input.organisationName, creditCode: input.creditCode, fromOn: input.fromOn, untilOn: null }
    const rows = [former, now].map(one => ({ ...one, id: crypto.randomUUID(), expertId: row.id }))
    await ctx.db.insert(expertEmployment).values(rows)
    await writeRecord(ctx, row, { employerName: input.organisationName, employerCode: input.creditCode })
    return { result: { code: row.code }, entry: { facts: { expert: row.code, changed: 'employer' } } }
  },
  'expert.employer',
)

/** Declares a unit to keep away from, or declares it anew. The log keeps that it was done, not whom it names. */
export const declareTie = command(
  'expert.act',
  async (ctx, input: TieInput) => {
    const row = await lockOwn(ctx)
    const { kind, reason, creditCode } = input
    await ctx.db
      .insert(expertAvoid)
      .values({ ...input, expertId: row.id })
      .onConflictDoUpdate({ target: [expertAvoid.expertId, expertAvoid.organisationName], set: { kind, reason, creditCode } })
    return { result: { code: row.code }, entry: { facts: { expert: row.code, declared: kind } } }
  },
  'expert.tie',
)

/** Asks not to be drawn for a time. Refuses a time that is over, that ends before it begins, or that is longer than a year. */
export const takeLeave = command(
  'expert.act',
  async (ctx, { fromAt, untilAt, note }: LeaveInput) => {
    const row = await lockOwn(ctx)
    refuseUnless(untilAt > ctx.now, 'bad-input', { reason: '请假时间已过', field: 'untilAt' })
    refuseUnless(fromAt < untilAt, 'bad-input', { reason: '止于时间早于起始时间', field: 'untilAt' })
    const isShort = untilAt.getTime() - fromAt.getTime() <= 366 * 86_400_000
    refuseUnless(isShort, 'bad-input', { reason: '一次请假不超过一年', field: 'untilAt' })
    const id = crypto.randomUUID()
    await ctx.db.insert(expertLeave).values({ id, expertId: row.id, fromAt, untilAt, note, createdAt: ctx.now })
    const facts = { expert: row.code, from: fromAt.toISOString(), until: untilAt.toISOString() }
    return { result: { id }, entry: { facts } }
  },
  'expert.leave',
)

/** Takes a leave back. Refuses not-found for somebody else's. */
export const cancelLeave = command(
  'expert.act',
  async (ctx, { id }: { id: string }) => {
    const row = await lockOwn(ctx)
    const own = and(eq(expertLeave.id, id), eq(expertLeave.expertId, row.id), isNull(expertLeave.cancelledAt))
    const done = await ctx.db.update(expertLeave).set({ cancelledAt: ctx.now }).where(own).returning({ id: expertLeave.id })
    refuseUnless(done.length === 1, 'not-found')
    return { result: { id }, entry: { facts: { expert: row.code, leave: id } } }
  },
  'expert.leave.cancel',
)

/** The days of the week on which the expert can be drawn; at least one. */
export const setWeekdays = command(
  'expert.act',
  async (ctx, { days }: { days: number[] }) => {
    const row = await lockOwn(ctx)
    const weekdays = days.reduce((mask, day) => mask | (1 << day), 0)
    await ctx.db.update(expert).set({ weekdays }).where(eq(expert.id, row.id))
    return { result: { weekdays }, entry: { facts: { expert: row.code, weekdays } } }
  },
  'expert.weekdays',
)

/** New telephone, mail or bank account, sealed into the box. */
export const changeContact = command(
  'expert.act',
  async (ctx, { phone, email, bank }: ContactInput) => {
    const row = await lockOwn(ctx)
    const person = { ...openExpert(ctx.platform, row), phone, email, bank }
    await ctx.db
      .update(expert)
      .set({ box: closeExpert(ctx.platform, row.code, person) })
      .where(eq(expert.id, row.id))
    return { result: { code: row.code }, entry: { facts: { expert: row.code, changed: 'contact' } } }
  },
  'expert.contact',
)

/** The expert's own calendar: leaves and days of the week. Refuses not-found for an account that is no expert's. */
export async function readCalendarOf(ctx: Ctx) {
  const row = await findOwn(ctx)
  refuseUnless(row, 'not-found')
  return { leaves: await listLeaves(ctx, row.id), weekdays: row.weekdays }
}

/** Leaves of an expert that are not over, the next first taken last. */
export const listLeaves = (ctx: Ctx, expertId: string) =>
  ctx.db
    .select({ id: expertLeave.id, fromAt: expertLeave.fromAt, untilAt: expertLeave.untilAt, note: expertLeave.note })
    .from(expertLeave)
    .where(and(eq(expertLeave.expertId, expertId), isNull(expertLeave.cancelledAt)))
    .orderBy(desc(expertLeave.fromAt))
    .limit(50)
