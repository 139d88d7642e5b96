import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'
import { checkPassword, listMemberships, startSession } from './session.server'

/** Opens a session by login and password for the person's first membership; `choices` says between how many they may choose. */
export async function signInByPassword(ctx: Ctx, { login, password }: { login: string; password: string }) {
  const { personId } = await checkPassword(ctx, login, password)
  return startFor(ctx, personId)
}

/** Opens a session for a person who proved who they are, in their first membership (of this organisation). Refuses not-allowed without one. */
export async function startFor(ctx: Ctx, personId: string, organisationId?: string) {
  const all = await listMemberships(ctx, personId)
  const choices = all.filter(m => !organisationId || m.organisationId === organisationId)
  if (!choices[0]) throw new Refusal('not-allowed', { permission: 'session.start' })
  const started = await startSession(ctx, { personId, membershipId: choices[0].membershipId })
  return { started, choices: choices.length }
}
