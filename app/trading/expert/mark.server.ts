import { and, desc, eq, inArray } from 'drizzle-orm'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { expertMark, expertRule, expertTraining } from '@/db/schema/trading/expert-assessment'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import { readCommittee } from '../draw/committee.server'
import { isOfLot } from '../draw/draw-lots.server'
import { findLot, readLot } from '../lot/find-lot.server'
import { lockExpert } from './expert.server'
import type { MarkInput, TrainingInput } from './record.form.server'
import { rulesInForce } from './rule.server'

/** States in which the result stands, so that who sat is no secret to the agency. */
const markable = ['evaluated', 'publicity', 'awarded', 'archived']

/** Whether this expert accepted a seat in this lot's committee. */
async function satIn(ctx: Ctx, expertId: string, lotId: string): Promise<boolean> {
  const seat = and(isOfLot(lotId), eq(drawContact.expertId, expertId), inArray(drawContact.state, ['accepted', 'avoid']))
  const [row] = await ctx.db
    .select({ id: drawContact.id })
    .from(drawContact)
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .where(seat)
  return row !== undefined
}

/**
 * One project's assessment (一项目一评价) of an expert who sat in it: points by a configured rule. By the project's agency or a supervisor; not
 * before the result, since until then nobody may know who sits (招标投标法 37).
 */
export const markExpert = command(
  'expert.mark',
  async (ctx, { lotId, code, rule: ruleCode, note }: MarkInput & { lotId: string; code: string }) => {
    const { lot, project } = await findLot(ctx, lotId)
    const { personId, organisationId, role } = personOf(ctx)
    if (role === 'supervisor') inScope(ctx, project)
    else refuseUnless(project.agencyId === organisationId, 'not-found')
    refuseUnless(markable.includes(lot.state), 'wrong-state', {
      state: '评标尚未结束',
      event: '考核评价',
    })
    const of = await lockExpert(ctx, code)
    refuseUnless(await satIn(ctx, of.id, lotId), 'not-found')
    const rule = (await rulesInForce(ctx, 'mark')).find(one => one.code === ruleCode)
    refuseUnless(rule, 'bad-input', { reason: `没有考核项目 ${ruleCode}`, field: 'rule' })
    const id = crypto.randomUUID()
    const row = {
      id,
      expertId: of.id,
      lotId,
      ruleId: rule.id,
      points: rule.value,
      note,
      byPerson: personId,
      byRole: role,
      at: ctx.now,
    }
    const made = await ctx.db.insert(expertMark).values(row).onConflictDoNothing().returning({ id: expertMark.id })
    refuseUnless(made.length === 1, 'already-done', { what: '该考核项目的评价', at: dayOf(ctx.now) })
    return {
      result: { id, points: rule.value },
      entry: { lotId, facts: { expert: code, rule: rule.code, points: rule.value, note } },
    }
  },
  'expert.mark',
)

/** Takes a mark back, after an appeal or as a mistake: by a person of the library who did not give it. Its points no longer count. */
export const revokeMark = command(
  'expert.manage',
  async (ctx, { id, reason }: { id: string; reason: string }) => {
    const [row] = await ctx.db.select().from(expertMark).where(eq(expertMark.id, id)).for('update')
    refuseUnless(row, 'not-found')
    refuseUnless(row.byPerson !== personOf(ctx).personId, 'two-person-rule')
    refuseUnless(!row.revokedAt, 'already-done', { what: '该评价的撤销', at: row.revokedAt ? dayOf(row.revokedAt) : '' })
    await ctx.db.update(expertMark).set({ revokedAt: ctx.now }).where(eq(expertMark.id, id))
    return { result: { id }, entry: { lotId: row.lotId ?? undefined, facts: { mark: id, points: row.points, reason } } }
  },
  'expert.mark.revoke',
)

/** Training taken part in; the same course on the same day is one. */
export const noteTraining = command(
  'expert.manage',
  async (ctx, { code, ...input }: TrainingInput & { code: string }) => {
    const of = await lockExpert(ctx, code)
    const row = { ...input, id: crypto.randomUUID(), expertId: of.id, byPerson: personOf(ctx).personId, createdAt: ctx.now }
    const made = await ctx.db.insert(expertTraining).values(row).onConflictDoNothing().returning({ id: expertTraining.id })
    refuseUnless(made.length === 1, 'already-done', { what: '该次培训', at: input.onDay })
    return { result: { id: row.id }, entry: { facts: { expert: code, ...input } } }
  },
  'expert.training',
)

/** Marks of an expert with their rules, newest first. */
export const listMarks = (ctx: Ctx, expertId: string) =>
  ctx.db
    .select({
      id: expertMark.id,
      rule: expertRule.name,
      points: expertMark.points,
      note: expertMark.note,
      byRole: expertMark.byRole,
      at: expertMark.at,
      revokedAt: expertMark.revokedAt,
    })
    .from(expertMark)
    .innerJoin(expertRule, eq(expertRule.id, expertMark.ruleId))
    .where(eq(expertMark.expertId, expertId))
    .orderBy(desc(expertMark.at))
    .limit(100)

/** One mark, for whoever takes it back. Refuses not-found. */
export async function readMark(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({
      id: expertMark.id,
      code: expert.code,
      rule: expertRule.name,
      points: expertMark.points,
      note: expertMark.note,
      at: expertMark.at,
      revokedAt: expertMark.revokedAt,
    })
    .from(expertMark)
    .innerJoin(expert, eq(expert.id, expertMark.expertId))
    .innerJoin(expertRule, eq(expertRule.id, expertMark.ruleId))
    .where(eq(expertMark.id, id))
  refuseUnless(row, 'not-found')
  return row
}

/** The agency's page of a lot: who can be assessed, by library number, and by which rules. Nobody before the result. */
export async function readMarkPage(ctx: Ctx, lotId: string) {
  const { lot } = await readLot(ctx, lotId)
  const members = markable.includes(lot.state) ? (await readCommittee(ctx, lotId)).members : []
  return {
    lot: { id: lot.id, name: lot.name },
    members: members.filter(({ role }) => role === 'expert').map(({ code, seat }) => ({ code, seat })),
    rules: (await rulesInForce(ctx, 'mark')).map(({ code, name, value }) => ({ code, name, value })),
  }
}
