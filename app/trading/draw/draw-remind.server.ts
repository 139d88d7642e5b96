import { and, eq, gt, isNull, lte, ne, sql } from 'drizzle-orm'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { lot, project } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { notify } from '~/platform/notification/notification.server'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, formatMinute } from '~/shared/time'
import { openExpert } from '../expert/expert.server'
import { findLot } from '../lot/find-lot.server'
import { ruleEdition } from '../rules/editions'
import { type ContactRow, lockContact, reachOf } from './draw-contact.server'
import type { DrawRow } from './draw-request.server'

/** Half of the time to answer is over and nobody has answered: said once more, still without naming anything (EX-09). */
export async function listToUrge(ctx: Ctx): Promise<string[]> {
  const half = sql<Date>`${drawContact.invitedAt} + (${drawContact.expiresAt} - ${drawContact.invitedAt}) / 2`
  const due = and(eq(drawContact.state, 'invited'), isNull(drawContact.urgedAt), eq(draw.state, 'contacting'), lte(half, ctx.now))
  return listContacts(ctx, due)
}

/** Accepted, not yet arrived, and the evaluation as near as the edition says. */
export async function listToRemind(ctx: Ctx): Promise<string[]> {
  const ahead = and(gt(draw.evaluationAt, ctx.now), lte(draw.evaluationAt, addSeconds(ctx.now, longestLead)))
  const open = and(eq(drawContact.state, 'accepted'), isNull(drawContact.remindedAt), isNull(drawContact.arrivedAt))
  const rows = await ctx.db
    .select({ id: drawContact.id, evaluationAt: draw.evaluationAt, edition: project.edition })
    .from(drawContact)
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .innerJoin(lot, eq(lot.id, draw.lotId))
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(and(open, ahead, ne(draw.state, 'void')))
    .limit(mostAtOnce)
  const leadOf = (edition: string) => ruleEdition(edition).draw.remindBeforeSeconds
  return rows.filter(row => addSeconds(row.evaluationAt, -leadOf(row.edition)) <= ctx.now).map(row => row.id)
}

/** No edition reminds earlier than this many seconds before. */
const longestLead = 86_400
const mostAtOnce = 500

async function listContacts(ctx: Ctx, where: ReturnType<typeof and>): Promise<string[]> {
  const rows = await ctx.db
    .select({ id: drawContact.id })
    .from(drawContact)
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .where(where)
    .limit(mostAtOnce)
  return rows.map(one => one.id)
}

async function tell(ctx: Ctx, row: DrawRow, { expertId }: ContactRow, text: string): Promise<void> {
  const [person] = await ctx.db.select().from(expert).where(eq(expert.id, expertId))
  refuseUnless(person, 'not-found')
  await notify(ctx, { ...reachOf(row, openExpert(ctx.platform, person)), text })
}

/** Reminds a silent person of the invitation, once. The code is not repeated: only its hash is kept. */
export const urge = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const { row, contact } = await lockContact(ctx, { id })
    const isDue = contact.state === 'invited' && contact.urgedAt === null && row.state === 'contacting'
    if (!isDue || contact.expiresAt <= ctx.now) return { result: false, entry: null }
    const by = formatMinute(contact.expiresAt)
    await tell(
      ctx,
      row,
      contact,
      `【评标专家邀请】您有一次评标邀请尚未答复，请于 ${by} 前按此前消息中的邀请码答复；逾期视为不能参加。`,
    )
    await ctx.db.update(drawContact).set({ urgedAt: ctx.now }).where(eq(drawContact.id, id))
    return { result: true, entry: null }
  },
  'draw.urge',
)

/** Reminds a member of the evaluation, once, at the edition's time before it. Who has accepted may know the place. */
export const remind = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const { row, contact } = await lockContact(ctx, { id })
    const { edition } = await findLot(ctx, row.lotId)
    const from = addSeconds(row.evaluationAt, -edition.draw.remindBeforeSeconds)
    const isDue = contact.state === 'accepted' && contact.remindedAt === null && contact.arrivedAt === null
    if (!isDue || ctx.now < from || ctx.now >= row.evaluationAt || row.state === 'void') return { result: false, entry: null }
    const when = `${formatMinute(row.evaluationAt)} 在${row.city}${row.place}`
    await tell(ctx, row, contact, `【评标提醒】您已接受的评标将于 ${when} 开始，请携带身份证件按时到场报到。`)
    await ctx.db.update(drawContact).set({ remindedAt: ctx.now }).where(eq(drawContact.id, id))
    return { result: true, entry: null }
  },
  'draw.remind',
)
