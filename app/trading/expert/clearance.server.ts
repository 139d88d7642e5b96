import { and, eq, isNull } from 'drizzle-orm'
import { expertClearance, expertPenalty } from '@/db/schema/trading/expert-assessment'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { notify } from '~/platform/notification/notification.server'
import { next } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, formatMinute } from '~/shared/time'
import { formerlyPunished } from '../rules/punished'
import { clearanceFlow, eventOfAct } from './clearance'
import type { ClearanceInput } from './clearance.form.server'
import { listDue } from './due.server'
import { addMonths, type Expert, lockExpert, lockExpertRow, moveExpert, openExpert } from './expert.server'
import { clearanceNotice, clearanceOutcome } from './expert.text'
import { lockOwn } from './library.server'
import { rulesInForce } from './rule.server'

export type Clearance = typeof expertClearance.$inferSelect
type Ground = Pick<Clearance, 'act' | 'actMonths' | 'ruleId' | 'penaltyId' | 'points'> & { source: string }

const none = { actMonths: null, ruleId: null, penaltyId: null, points: 0 }

/** What the proposal rests on, as it stands today. Refuses clearance-no-basis. */
async function groundOf(ctx: Ctx, of: Expert, { basis, reason }: ClearanceInput): Promise<Ground> {
  if (basis.kind === 'other') return { ...none, act: basis.act, actMonths: basis.months ?? null, source: reason }
  if (basis.kind === 'rule') {
    const due = (await listDue(ctx, of.id)).find(one => one.rule.id === basis.ruleId)
    refuseUnless(due?.rule.act, 'clearance-no-basis', { field: 'basis' })
    const { act, actMonths, source, name } = due.rule
    return { ...none, act, actMonths, ruleId: basis.ruleId, points: due.points, source: `${name}，${source}` }
  }
  const standing = and(eq(expertPenalty.id, basis.penaltyId), eq(expertPenalty.idTag, of.idTag), isNull(expertPenalty.revokedAt))
  const [penalty] = await ctx.db.select().from(expertPenalty).where(standing)
  refuseUnless(penalty, 'clearance-no-basis', { field: 'basis' })
  const source = `${penalty.authority} ${penalty.document}，${formerlyPunished.article}`
  return { ...none, act: 'remove', penaltyId: penalty.id, source }
}

/** How long an expert may state the own case; the library's rule of today, at once where it has set none. */
async function statementSeconds(ctx: Ctx): Promise<number> {
  const days = (await rulesInForce(ctx, 'statement')).map(rule => rule.value)
  return Math.max(0, ...days) * 86_400
}

/**
 * Proposes a clearance (清退等处理): the expert is told what for, on what ground and until when the own case can be stated. Nothing changes yet.
 * Refuses clearance-open, clearance-no-basis, wrong-state for somebody no longer in the library.
 */
export const proposeClearance = command(
  'expert.manage',
  async (ctx, { code, ...input }: ClearanceInput & { code: string }) => {
    const of = await lockExpert(ctx, code)
    const { source, ...ground } = await groundOf(ctx, of, input)
    const isInLibrary = of.state === 'active' || of.state === 'suspended'
    refuseUnless(isInLibrary, 'wrong-state', { state: '不在库', event: '提出处理' })
    const statementUntil = addSeconds(ctx.now, await statementSeconds(ctx))
    const text = clearanceNotice(code, ground, { source, reason: input.reason, until: formatMinute(statementUntil) })
    const noticeId = await notify(ctx, { channel: 'sms', to: openExpert(ctx.platform, of).phone, text })
    const id = crypto.randomUUID()
    const by = { proposedBy: personOf(ctx).personId, proposedAt: ctx.now, noticeId, statementUntil }
    const row = { id, expertId: of.id, state: 'proposed' as const, ...ground, reason: input.reason, ...by }
    const made = await ctx.db.insert(expertClearance).values(row).onConflictDoNothing().returning({ id: expertClearance.id })
    refuseUnless(made.length === 1, 'clearance-open')
    const { act, ruleId, penaltyId, points } = ground
    const facts = { clearance: id, expert: code, act, ruleId, penaltyId, points, reason: input.reason }
    return { result: { id, statementUntil }, entry: { facts: { ...facts, statementUntil: statementUntil.toISOString() } } }
  },
  'expert.clearance.propose',
)

/** The expert's own word on a proposed clearance (陈述申辩), once; with it the library may decide before the time is over. */
export const stateCase = command(
  'expert.act',
  async (ctx, { id, text }: { id: string; text: string }) => {
    const of = await lockOwn(ctx)
    const own = and(eq(expertClearance.id, id), eq(expertClearance.expertId, of.id))
    const [row] = await ctx.db.select().from(expertClearance).where(own).for('update')
    refuseUnless(row, 'not-found')
    refuseUnless(row.state === 'proposed', 'wrong-state', { state: '已作出决定', event: '陈述申辩' })
    refuseUnless(!row.statedAt, 'already-done', { what: '陈述申辩', at: row.statedAt ? formatMinute(row.statedAt) : '' })
    await ctx.db.update(expertClearance).set({ statement: text, statedAt: ctx.now }).where(eq(expertClearance.id, id))
    return { result: { id }, entry: { facts: { clearance: id, expert: of.code, text } } }
  },
  'expert.clearance.state',
)

/** Carries the act out on the locked expert: a change of state with its event and right of appeal, or a notice alone. */
async function carryOut(ctx: Ctx, of: Expert, row: Clearance, decision: string): Promise<string | null> {
  const event = eventOfAct[row.act]
  if (!event) {
    const text = clearanceOutcome(of.code, row.act, decision)
    await notify(ctx, { channel: 'sms', to: openExpert(ctx.platform, of).phone, text })
    return null
  }
  const until = event === 'suspend' && row.actMonths ? addMonths(ctx.now, row.actMonths) : null
  const { eventId } = await moveExpert(ctx, of, { event, reason: decision, until, ruleId: row.ruleId })
  return eventId
}

/**
 * Decides a clearance, by a person who did not propose it, after the expert's word or the time for it: carried out, or dropped, which the expert
 * is told too. Refuses two-person-rule, clearance-not-due, wrong-state.
 */
export const decideClearance = command(
  'expert.manage',
  async (ctx, { id, carryOut: isCarriedOut, decision }: { id: string; carryOut: boolean; decision: string }) => {
    const [row] = await ctx.db.select().from(expertClearance).where(eq(expertClearance.id, id)).for('update')
    refuseUnless(row, 'not-found')
    const { personId } = personOf(ctx)
    refuseUnless(row.proposedBy !== personId, 'two-person-rule')
    const state = next(clearanceFlow, row.state, isCarriedOut ? 'carry-out' : 'drop')
    const isHeard = row.statedAt !== null || ctx.now >= row.statementUntil
    refuseUnless(isHeard, 'clearance-not-due', { until: formatMinute(row.statementUntil) })
    const of = await lockExpertRow(ctx, row.expertId)
    const eventId = isCarriedOut ? await carryOut(ctx, of, row, decision) : null
    if (!isCarriedOut)
      await notify(ctx, {
        channel: 'sms',
        to: openExpert(ctx.platform, of).phone,
        text: clearanceOutcome(of.code, null, decision),
      })
    await ctx.db
      .update(expertClearance)
      .set({ state, decidedBy: personId, decidedAt: ctx.now, decision, eventId })
      .where(eq(expertClearance.id, id))
    return { result: { state }, entry: { facts: { clearance: id, expert: of.code, act: row.act, state, decision } } }
  },
  'expert.clearance.decide',
)
