import { eq } from 'drizzle-orm'
import { membership } from '@/db/schema/platform/identity'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { countAttempt } from '~/platform/identity/rate.server'
import { startSession } from '~/platform/identity/session.server'
import { type SignedIn, tokenFor } from '~/platform/identity/token.server'
import { refuseUnless } from '~/shared/refusal'
import { accountOf } from '../expert/library.server'
import type { AnswerInput } from './draw.form.server'
import { lockContact, recordOutcome } from './draw-contact.server'
import { readInvitation } from './invitation.read.server'
import { answerAsRepresentative } from './representative-acts.server'

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
  const { kind, id } = await readInvitation(ctx, code)
  if (kind === 'representative') return writeRepresentative(ctx, { id, answer, reason: reason ?? '' })
  const { row, contact } = await lockContact(ctx, { id })
  const { answerable, stateText } = await readInvitation(ctx, code)
  refuseUnless(answerable, 'invitation-ended', { state: contact.state === 'invited' ? '过期' : stateText })
  await recordOutcome(ctx, row, contact, answer === 'accept' ? 'accepted' : 'refused', reason ?? '')
  const hasAccepted = answer === 'accept'
  const login = hasAccepted ? await signIn(ctx, contact.expertId, row.drawId) : null
  const result: Answered = { answer, login, lotId: hasAccepted ? row.lotId : null }
  return { result, entry: null }
})

/** A representative's answer: nobody is drawn instead, so it is an entry of its own. */
async function writeRepresentative(ctx: Ctx, { id, answer, reason }: { id: string; answer: Answered['answer']; reason: string }) {
  const { row, account } = await answerAsRepresentative(ctx, id, { answer, reason })
  const login = account ? await tokenFor(ctx, { ...account, role: 'expert' }, `评标 ${row.drawId}`) : null
  const result: Answered = { answer, login, lotId: account ? row.lotId : null }
  return { result, entry: { lotId: row.lotId, facts: { draw: row.drawId, representative: id, answer, reason } } }
}
