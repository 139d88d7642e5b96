import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { expert } from '@/db/schema/trading/expert'
import { expertClearance } from '@/db/schema/trading/expert-assessment'
import { expertAppeal, expertApplication, expertEvent } from '@/db/schema/trading/expert-record'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { notify } from '~/platform/notification/notification.server'
import { next } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { appealFlow } from './appeal'
import { ownerTagOf } from './application.server'
import type { ExpertEvent } from './expert'
import { moveExpert, openExpert } from './expert.server'
import { appealNotice } from './expert.text'

/** Decisions that can be appealed, and what an upheld appeal does. */
const undoing: Partial<Record<string, ExpertEvent>> = {
  suspend: 'restore',
  remove: 'reinstate',
  ban: 'reinstate',
  refuse: 'reinstate',
}

/** Whether the actor is the expert himself: by the expert's own account, or by the account that applied. */
async function isOwn(ctx: Ctx, expertId: string): Promise<boolean> {
  const [row] = await ctx.db.select({ personId: expert.personId }).from(expert).where(eq(expert.id, expertId))
  if (row?.personId === personOf(ctx).personId) return true
  const mine = and(eq(expertApplication.expertId, expertId), eq(expertApplication.ownerTag, ownerTagOf(ctx)))
  const [applied] = await ctx.db.select({ id: expertApplication.id }).from(expertApplication).where(mine)
  return applied !== undefined
}

/** An appeal (申诉) by the expert against one decision. Refuses not-found to others, appeal-not-possible and appeal-exists. */
export const fileAppeal = command(
  'expert.apply',
  async (ctx, { eventId, text }: { eventId: string; text: string }) => {
    const [event] = await ctx.db.select().from(expertEvent).where(eq(expertEvent.id, eventId)).for('update')
    refuseUnless(event && (await isOwn(ctx, event.expertId)), 'not-found')
    // A withdrawal by the applicant is no decision of the library.
    refuseUnless(undoing[event.event] && event.byPerson !== personOf(ctx).personId, 'appeal-not-possible')
    const id = crypto.randomUUID()
    const row = { id, expertId: event.expertId, eventId, state: 'filed' as const, text, filedAt: ctx.now }
    const made = await ctx.db.insert(expertAppeal).values(row).onConflictDoNothing().returning({ id: expertAppeal.id })
    refuseUnless(made.length === 1, 'appeal-exists')
    return { result: { id }, entry: { facts: { appeal: id, event: eventId, text } } }
  },
  'expert.appeal.file',
)

/** Whether this person proposed the clearance that the decision carried out. */
async function hasProposed(ctx: Ctx, eventId: string, personId: string): Promise<boolean> {
  const own = and(eq(expertClearance.eventId, eventId), eq(expertClearance.proposedBy, personId))
  const [row] = await ctx.db.select({ id: expertClearance.id }).from(expertClearance).where(own)
  return row !== undefined
}

export type AppealDecision = { id: string; uphold: boolean; decision: string }

/** Decides an appeal, by a person who neither proposed nor made the decision appealed against; upholding it undoes that decision. */
export const decideAppeal = command(
  'expert.appeal',
  async (ctx, { id, uphold, decision }: AppealDecision) => {
    const [row] = await ctx.db.select().from(expertAppeal).where(eq(expertAppeal.id, id)).for('update')
    refuseUnless(row, 'not-found')
    const [event] = await ctx.db.select().from(expertEvent).where(eq(expertEvent.id, row.eventId))
    const [of] = await ctx.db.select().from(expert).where(eq(expert.id, row.expertId)).for('update')
    refuseUnless(event && of, 'not-found')
    const { personId } = personOf(ctx)
    refuseUnless(event.byPerson !== personId && !(await hasProposed(ctx, event.id, personId)), 'two-person-rule')
    const state = next(appealFlow, row.state, uphold ? 'uphold' : 'dismiss')
    await ctx.db
      .update(expertAppeal)
      .set({ state, decision, decidedBy: personId, decidedAt: ctx.now })
      .where(eq(expertAppeal.id, id))
    // Only what still stands is undone: a suspension may have ended meanwhile.
    const undo = undoing[event.event]
    if (uphold && undo && of.state === event.to) await undoDecision(ctx, of, event, undo)
    else
      await notify(ctx, { channel: 'sms', to: openExpert(ctx.platform, of).phone, text: appealNotice(of.code, state, decision) })
    return { result: { state }, entry: { facts: { appeal: id, expert: of.code, state, decision } } }
  },
  'expert.appeal.decide',
)

type EventRow = typeof expertEvent.$inferSelect

/** An application refused by mistake is decided anew. */
async function undoDecision(ctx: Ctx, of: typeof expert.$inferSelect, event: EventRow, undo: ExpertEvent): Promise<void> {
  await moveExpert(ctx, of, { event: undo, reason: '申诉成立' })
  if (event.event !== 'refuse') return
  const [last] = await ctx.db
    .select({ id: expertApplication.id })
    .from(expertApplication)
    .where(and(eq(expertApplication.expertId, of.id), inArray(expertApplication.state, ['refused', 'declined'])))
    .orderBy(desc(expertApplication.createdAt))
    .limit(1)
  if (!last) return
  const fresh = { state: 'submitted' as const, recommendedBy: null, recommendedAt: null, recommendation: null, decidedBy: null }
  await ctx.db
    .update(expertApplication)
    .set({ ...fresh, decision: null, decidedAt: null })
    .where(eq(expertApplication.id, last.id))
}

const joined = (ctx: Ctx) =>
  ctx.db
    .select({ appeal: expertAppeal, event: expertEvent, code: expert.code })
    .from(expertAppeal)
    .innerJoin(expertEvent, eq(expertEvent.id, expertAppeal.eventId))
    .innerJoin(expert, eq(expert.id, expertAppeal.expertId))

type Joined = Awaited<ReturnType<typeof joined>>[number]

const viewOf = ({ appeal: { id, state, text, filedAt, decision, decidedAt }, event, code }: Joined) => ({
  ...{ id, code, state, text, filedAt, decision, decidedAt },
  against: { event: event.event as ExpertEvent, reason: event.reason, at: event.at },
})

/** Appeals waiting first, then decided ones; what the supervisor works through. */
export async function listAppeals(ctx: Ctx) {
  const rows = await joined(ctx)
    .orderBy(desc(sql`${expertAppeal.state} = 'filed'`), desc(expertAppeal.filedAt))
    .limit(200)
  return rows.map(viewOf)
}

/** One appeal with the decision it is about. Refuses not-found. */
export async function readAppeal(ctx: Ctx, id: string) {
  const [row] = await joined(ctx).where(eq(expertAppeal.id, id))
  refuseUnless(row, 'not-found')
  return viewOf(row)
}
