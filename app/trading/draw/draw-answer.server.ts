import { and, eq } from 'drizzle-orm'
import { membership, organisation } from '@/db/schema/platform/identity'
import { expert } from '@/db/schema/trading/expert'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { countAttempt } from '~/platform/identity/rate.server'
import { startSession } from '~/platform/identity/session.server'
import { type SignedIn, tokenFor } from '~/platform/identity/token.server'
import { insertMembership, insertOrganisation, insertPerson } from '~/platform/organisation/organisation.server'
import { creditCodeOf } from '~/shared/credit-code'
import { refuseUnless } from '~/shared/refusal'
import type { AnswerInput } from './draw.form.server'
import { lockContact, readInvitation, recordOutcome } from './draw-contact.server'

/** The body that keeps the library; experts act through it, whoever employs them. */
const libraryCode = creditCodeOf('12350000MB0EXPERT')

async function libraryOrganisation(ctx: Ctx): Promise<string> {
  const [row] = await ctx.db.select({ id: organisation.id }).from(organisation).where(eq(organisation.creditCode, libraryCode))
  if (row) return row.id
  const name = '综合评标专家库'
  return insertOrganisation(ctx, {
    creditCode: libraryCode,
    name,
    regionCode: '350000',
    address: '',
    contact: '',
    phone: '',
    roles: ['expert'],
  })
}

/** The expert's account, made at the first acceptance. It carries the library number, never the name: a dump names nobody. */
async function accountOf(ctx: Ctx, expertId: string): Promise<{ personId: string; organisationId: string }> {
  const [row] = await ctx.db.select().from(expert).where(eq(expert.id, expertId)).for('update')
  refuseUnless(row, 'not-found')
  const organisationId = await libraryOrganisation(ctx)
  if (row.personId) return { personId: row.personId, organisationId }
  const login = `expert-${row.code.toLowerCase()}`
  const personId = await insertPerson(ctx, { login, name: `专家 ${row.code}`, phone: '', passwordHash: null })
  await insertMembership(ctx, { personId, organisationId, role: 'expert' })
  await ctx.db
    .update(expert)
    .set({ personId })
    .where(and(eq(expert.id, expertId)))
  return { personId, organisationId }
}

async function signIn(ctx: Ctx, expertId: string, drawId: string): Promise<SignedIn> {
  const account = await accountOf(ctx, expertId)
  return tokenFor(ctx, { ...account, role: 'expert' }, `评标 ${drawId}`)
}

export type Answered = { answer: 'accept' | 'decline'; login: SignedIn | null; lotId: string | null }

/**
 * An invited person's answer by invitation code. Acceptance signs the person in as an expert; a refusal empties the seat, which the next in
 * the same ranking fills. Refuses not-found, invitation-ended, too-many.
 */
export async function answerInvitation(ctx: Ctx, input: AnswerInput & { code: string }): Promise<Answered> {
  await countAttempt(ctx, `invitation ${ctx.address}`, 120, 60)
  return writeAnswer(ctx, input)
}

/** As `answerInvitation`, for the page: an accepting person gets a browser session instead of a token. */
export async function answerBySession(ctx: Ctx, input: AnswerInput & { code: string }) {
  const { login, lotId } = await answerInvitation(ctx, input)
  if (!login) return { lotId: null, started: null }
  const [found] = await ctx.db
    .select({ personId: membership.personId })
    .from(membership)
    .where(eq(membership.id, login.membershipId))
  refuseUnless(found, 'not-found')
  return { lotId, started: await startSession(ctx, { personId: found.personId, membershipId: login.membershipId }) }
}

const writeAnswer = command('invitation.answer', async (ctx, { code, answer, reason }: AnswerInput & { code: string }) => {
  const { contactId } = await readInvitation(ctx, code)
  const { row, contact } = await lockContact(ctx, { id: contactId })
  const { answerable, stateText } = await readInvitation(ctx, code)
  refuseUnless(answerable, 'invitation-ended', { state: contact.state === 'invited' ? '过期' : stateText })
  await recordOutcome(ctx, row, contact, answer === 'accept' ? 'accepted' : 'refused', reason ?? '')
  const hasAccepted = answer === 'accept'
  const login = hasAccepted ? await signIn(ctx, contact.expertId, row.drawId) : null
  const result: Answered = { answer, login, lotId: hasAccepted ? row.lotId : null }
  return { result, entry: null }
})
