import { eq } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { drawRepresentative } from '@/db/schema/trading/draw'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { ownedBy } from '~/platform/identity/authorise.server'
import { sha256 } from '~/platform/identity/session.server'
import { notify } from '~/platform/notification/notification.server'
import { insertMembership, insertOrganisation, insertPerson } from '~/platform/organisation/organisation.server'
import { next } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { formatMinute } from '~/shared/time'
import { findLot } from '../lot/find-lot.server'
import { representativeFlow, seatedStates, stoppedStates } from './draw'
import type { ReplacementInput } from './draw.form.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { announce } from './draw-store.server'
import { invitationPath } from './invitation'
import {
  codeOf,
  listNamed,
  listRepresentatives,
  lockRepresentative,
  nameRepresentatives,
  newCode,
  openRepresentative,
  type RepresentativeRow,
} from './representative.server'
import { checkCommitteeOf } from './request-check.server'

async function locked(ctx: Ctx, id: string): Promise<{ row: DrawRow; who: RepresentativeRow }> {
  const [found] = await ctx.db
    .select({ drawId: drawRepresentative.drawId })
    .from(drawRepresentative)
    .where(eq(drawRepresentative.id, id))
  refuseUnless(found, 'not-found')
  const row = await lockDraw(ctx, found.drawId)
  return { row, who: await lockRepresentative(ctx, id) }
}

/** Tells a representative of the evaluation, once, with the code by which to answer and sign in. */
export const inviteRepresentative = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const { row, who } = await locked(ctx, id)
    if (who.state !== 'named' || !seatedStates.includes(row.state)) return { result: false, entry: null }
    const code = newCode()
    const state = next(representativeFlow, who.state, 'invite')
    const change = { state, codeHash: sha256(code), invitedAt: ctx.now }
    await ctx.db.update(drawRepresentative).set(change).where(eq(drawRepresentative.id, id))
    const link = `${ctx.platform.config.publicUrl ?? ''}${invitationPath(code)}`
    const what = `${formatMinute(row.evaluationAt)} 在${row.city}有一次评标，预计 ${row.hours} 小时，您被指定为招标人代表`
    const text = `【评标委员会通知】${what}。请答复是否参加。邀请码 ${code}，答复页 ${link}`
    await notify(ctx, { channel: 'sms', to: openRepresentative(ctx, who).phone, text })
    return { result: true, entry: { lotId: row.lotId, facts: { draw: row.drawId, representative: codeOf(who) } } }
  },
  'draw.representative.invite',
)

/** The tenderer's organisation, made where it has no account of its own. */
async function tendererOf(ctx: Ctx, { lotId }: DrawRow): Promise<string> {
  const { project } = await findLot(ctx, lotId)
  const { tendererCode: creditCode, tendererName: name, regionCode } = project
  const [known] = await ctx.db.select({ id: organisation.id }).from(organisation).where(eq(organisation.creditCode, creditCode))
  if (known) return known.id
  return insertOrganisation(ctx, { creditCode, name, regionCode, address: '', contact: '', phone: '', roles: ['expert'] })
}

export type RepresentativeAccount = { personId: string; organisationId: string }

/** The representative's account for this committee: a member's, of the tenderer. It carries the code, never the name: a dump names nobody. */
async function accountOf(ctx: Ctx, row: DrawRow, who: RepresentativeRow): Promise<RepresentativeAccount> {
  const organisationId = await tendererOf(ctx, row)
  const login = `representative-${who.id}`
  const personId = await insertPerson(ctx, { login, name: `招标人代表 ${codeOf(who)}`, phone: '', passwordHash: null })
  await insertMembership(ctx, { personId, organisationId, role: 'expert' })
  return { personId, organisationId }
}

/** The answer of a representative; part of a command of its caller. Refuses invitation-ended. */
export async function answerAsRepresentative(
  ctx: Ctx,
  id: string,
  { answer, reason }: { answer: 'accept' | 'decline'; reason: string },
): Promise<{ row: DrawRow; account: RepresentativeAccount | null }> {
  const { row, who } = await locked(ctx, id)
  refuseUnless(who.state === 'invited' && !stoppedStates.includes(row.state), 'invitation-ended', { state: '有结果' })
  const hasAccepted = answer === 'accept'
  const account = hasAccepted ? await accountOf(ctx, row, who) : null
  const state = next(representativeFlow, who.state, hasAccepted ? 'accept' : 'refuse')
  const change = { state, reason, answeredAt: ctx.now, personId: account?.personId ?? null }
  await ctx.db.update(drawRepresentative).set(change).where(eq(drawRepresentative.id, id))
  await announce(ctx, row.id)
  return { row, account }
}

/** A representative leaves for a conflict (条例 46): the seat waits for whom the tenderer names instead. The draw's row must be locked. */
export async function leaveAsRepresentative(ctx: Ctx, who: RepresentativeRow, reason: string): Promise<void> {
  const state = next(representativeFlow, who.state, 'avoid')
  await ctx.db.update(drawRepresentative).set({ state, reason, answeredAt: ctx.now }).where(eq(drawRepresentative.id, who.id))
  await announce(ctx, who.drawId)
}

/** Left or refused, or not there at the evaluation's time: nothing else lets a seat change hands (条例 48, 70; EX-11, EX-12). */
export const isReplaceable = ({ state, arrivedAt }: RepresentativeRow, { evaluationAt }: DrawRow, now: Date): boolean =>
  state === 'refused' || state === 'avoid' || (arrivedAt === null && state !== 'absent' && now >= evaluationAt)

/**
 * The tenderer names another representative in the place of one who refused, left for a conflict or did not come; the composition is checked as it
 * was for the first. Refuses representative-stays, committee-unlawful.
 */
export const replaceRepresentative = command(
  'draw.request',
  async (ctx, { id, reason, ...person }: ReplacementInput & { id: string }) => {
    const { row, who } = await locked(ctx, id)
    const found = await findLot(ctx, row.lotId)
    ownedBy(ctx, found.project.agencyId)
    const live = await listRepresentatives(ctx, row.id)
    const isLive = live.some(one => one.id === id) && !stoppedStates.includes(row.state)
    refuseUnless(isLive && isReplaceable(who, row, ctx.now), 'representative-stays')
    const others = live.filter(one => one.id !== id).map(one => openRepresentative(ctx, one))
    await checkCommitteeOf(ctx, found, row, [...others, person])
    const state = who.arrivedAt === null && who.state !== 'refused' && who.state !== 'avoid' ? 'absent' : who.state
    await ctx.db
      .update(drawRepresentative)
      .set({ state, reason: who.reason || reason })
      .where(eq(drawRepresentative.id, id))
    await nameRepresentatives(ctx, row.id, [person], { from: (await listNamed(ctx, row.id)).length, replaces: id })
    await announce(ctx, row.id)
    return {
      result: { state },
      entry: { lotId: row.lotId, facts: { draw: row.drawId, representative: codeOf(who), state, reason } },
    }
  },
  'draw.representative.replace',
)
