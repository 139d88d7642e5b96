import { and, asc, desc, eq } from 'drizzle-orm'
import { hallCase } from '@/db/schema/hall/case'
import { complaint, type complaintKinds } from '@/db/schema/hall/rating'
import { command } from '~/platform/audit/command.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, isAllowed, personOf } from '~/platform/identity/authorise.server'
import { nextNumber } from '~/platform/number/number.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { dayOf, formatDay, formatMinute } from '~/shared/time'
import { isApplicant } from '../case/case.read.server'
import { complaintDue, complaintExtendedDue } from './complaint'

export interface NewComplaint {
  caseId: string
  kind: (typeof complaintKinds)[number]
  text: string
}

/** Files a complaint about a case; it must be answered in three working days by somebody who did not handle the case. Refuses not-found to strangers. */
export const fileComplaint = command(
  'hall.apply',
  async (ctx, { caseId, kind, text }: NewComplaint) => {
    const [row] = await ctx.db.select().from(hallCase).where(eq(hallCase.id, caseId))
    if (!row || !isApplicant(ctx, row)) throw new Refusal('not-found')
    const { personId, organisationId } = personOf(ctx)
    const year = dayOf(ctx.now).slice(0, 4)
    const number = `投诉〔${year}〕${String(await nextNumber(ctx, `hall complaint ${year}`)).padStart(4, '0')}号`
    const id = crypto.randomUUID()
    const dueOn = complaintDue(await readCalendar(ctx.db), ctx.now)
    const about = { id, number, kind, caseId, regionCode: row.regionCode, personId, organisationId }
    await ctx.db.insert(complaint).values({ ...about, state: 'received', text, filedAt: ctx.now, dueOn })
    return { result: { id, number, dueOn }, entry: { facts: { complaint: number, case: caseId, kind, text } } }
  },
  'hall.complaint.file',
)

type ComplaintRow = typeof complaint.$inferSelect

async function lockComplaint(ctx: Ctx, complaintId: string): Promise<ComplaintRow> {
  const [row] = await ctx.db.select().from(complaint).where(eq(complaint.id, complaintId)).for('update')
  if (!row) throw new Refusal('not-found')
  inScope(ctx, row)
  if (row.answeredAt) throw new Refusal('already-done', { what: '投诉答复', at: formatMinute(row.answeredAt) })
  return row
}

/** Who accepted or decided the case does not answer a complaint about it; a bad rating is mended by whoever handled it (谁办理、谁负责). */
async function refuseHandler(ctx: Ctx, row: ComplaintRow): Promise<void> {
  if (!row.caseId || row.kind === 'bad-rating') return
  const [about] = await ctx.db.select().from(hallCase).where(eq(hallCase.id, row.caseId))
  const { personId } = personOf(ctx)
  refuseUnless(about?.receiverId !== personId && about?.approverId !== personId, 'handled-by-yourself')
}

/** Answers a complaint after checking it. Refuses already-done, handled-by-yourself. */
export const answerComplaint = command(
  'hall.handle',
  async (ctx, { complaintId, text }: { complaintId: string; text: string }) => {
    const row = await lockComplaint(ctx, complaintId)
    await refuseHandler(ctx, row)
    const answer = { state: 'answered' as const, answer: text, answererId: personOf(ctx).personId, answeredAt: ctx.now }
    await ctx.db.update(complaint).set(answer).where(eq(complaint.id, complaintId))
    return { result: { state: answer.state }, entry: { facts: { complaint: row.number, answer: text } } }
  },
  'hall.complaint.answer',
)

/** Extends the time to answer a complex complaint once, to fifteen working days, with the reason told. Refuses extended-once, already-done. */
export const extendComplaint = command(
  'hall.handle',
  async (ctx, { complaintId, reason }: { complaintId: string; reason: string }) => {
    const row = await lockComplaint(ctx, complaintId)
    refuseUnless(!row.isExtended, 'extended-once', { dueOn: formatDay(row.dueOn) })
    const dueOn = complaintExtendedDue(await readCalendar(ctx.db), row.filedAt)
    await ctx.db.update(complaint).set({ dueOn, isExtended: true, extensionReason: reason }).where(eq(complaint.id, complaintId))
    return { result: { dueOn }, entry: { facts: { complaint: row.number, dueOn, reason } } }
  },
  'hall.complaint.extend',
)

const columns = {
  id: complaint.id,
  number: complaint.number,
  kind: complaint.kind,
  state: complaint.state,
  caseId: complaint.caseId,
  caseNumber: hallCase.number,
  regionCode: complaint.regionCode,
  text: complaint.text,
  filedAt: complaint.filedAt,
  dueOn: complaint.dueOn,
  isExtended: complaint.isExtended,
  extensionReason: complaint.extensionReason,
  answer: complaint.answer,
  answeredAt: complaint.answeredAt,
}

/** The desk's complaints (open first, nearest limit first), or one's own. Who complained is not among the columns. */
export async function listComplaints(ctx: Ctx) {
  const { personId, regionPrefix } = personOf(ctx)
  const isDesk = isAllowed(ctx.actor, 'hall.handle')
  const rows = await ctx.db
    .select(columns)
    .from(complaint)
    .leftJoin(hallCase, eq(hallCase.id, complaint.caseId))
    .where(isDesk ? undefined : eq(complaint.personId, personId))
    .orderBy(desc(complaint.state), asc(complaint.dueOn))
    .limit(200)
  return isDesk ? rows.filter(row => row.regionCode.startsWith(regionPrefix)) : rows
}

/** One complaint, for the desk or who filed it. Refuses not-found. */
export async function readComplaint(ctx: Ctx, complaintId: string) {
  const isDesk = isAllowed(ctx.actor, 'hall.handle')
  const own = isDesk ? undefined : eq(complaint.personId, personOf(ctx).personId)
  const [row] = await ctx.db
    .select(columns)
    .from(complaint)
    .leftJoin(hallCase, eq(hallCase.id, complaint.caseId))
    .where(and(eq(complaint.id, complaintId), own))
  if (!row) throw new Refusal('not-found')
  inScope(ctx, row)
  return row
}
