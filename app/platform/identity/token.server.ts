import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Role } from '@/db/schema/platform/identity'
import { apiToken } from '@/db/schema/platform/identity'
import { Refusal } from '~/shared/refusal'
import { command } from '../audit/command.server'
import type { Ctx, PersonActor } from '../ctx'
import { personOf } from './authorise.server'
import { listMemberships, newToken, sha256 } from './session.server'

export interface NewToken {
  label: string
  /** Permissions it may use; none named means all of its membership's. */
  scopes: string[]
  days: number
}

/**
 * Makes an API token for the actor's own membership; shown once, kept as a hash. A token that is itself limited cannot make a wider one:
 * refuses not-allowed.
 */
export const issueToken = command('token.manage', async (ctx, input: NewToken) => {
  const actor = personOf(ctx)
  const limits = actor.scopes ?? []
  const isWider = limits.length > 0 && (input.scopes.length === 0 || input.scopes.some(scope => !limits.includes(scope)))
  if (isWider) throw new Refusal('not-allowed', { permission: 'token.manage' })
  const token = `tbid_${newToken()}`
  const expiresAt = new Date(ctx.now.getTime() + input.days * 86_400_000)
  const id = crypto.randomUUID()
  const { label, scopes } = input
  const row = { id, membershipId: actor.membershipId, tokenHash: sha256(token), label, scopes, createdAt: ctx.now, expiresAt }
  await ctx.db.insert(apiToken).values(row)
  return { result: { id, token, expiresAt }, entry: { facts: { token: id, scopes } } }
})

/** Revokes one of the actor's own tokens. */
export const revokeToken = command(
  'token.manage',
  async (ctx, input: { tokenId: string }) => {
    const { membershipId } = personOf(ctx)
    const own = and(eq(apiToken.id, input.tokenId), eq(apiToken.membershipId, membershipId), isNull(apiToken.revokedAt))
    const rows = await ctx.db.update(apiToken).set({ revokedAt: ctx.now }).where(own).returning({ id: apiToken.id })
    if (rows.length === 0) throw new Refusal('not-found')
    return { result: null, entry: { facts: { token: input.tokenId } } }
  },
  'token.revoke',
)

const tokenColumns = {
  id: apiToken.id,
  label: apiToken.label,
  scopes: apiToken.scopes,
  createdAt: apiToken.createdAt,
  expiresAt: apiToken.expiresAt,
  revokedAt: apiToken.revokedAt,
}

/** The tokens of the actor's own membership, newest first; never the token itself. */
export async function listTokens(ctx: Ctx) {
  const { membershipId } = personOf(ctx)
  return ctx.db
    .select(tokenColumns)
    .from(apiToken)
    .where(eq(apiToken.membershipId, membershipId))
    .orderBy(desc(apiToken.createdAt))
    .limit(200)
}

export interface SignedIn {
  token: string
  expiresAt: Date
  membershipId: string
  organisationId: string
  role: Role
  name: string
}

/** The person's membership in this role (the first one without `role`), or refuses not-allowed. */
export async function chooseMembership(
  ctx: Ctx,
  personId: string,
  wanted: { role?: Role; organisationId?: string },
): Promise<PersonActor> {
  const fits = (m: PersonActor) =>
    (!wanted.role || m.role === wanted.role) && (!wanted.organisationId || m.organisationId === wanted.organisationId)
  const found = (await listMemberships(ctx, personId)).find(fits)
  if (!found) throw new Refusal('not-allowed', { permission: 'session.start' })
  return found
}

/** A token for a person who just proved who they are; refuses not-allowed when the person has no such membership. */
export async function tokenFor(
  ctx: Ctx,
  who: { personId: string; role?: Role; organisationId?: string },
  label: string,
): Promise<SignedIn> {
  const actor = await chooseMembership(ctx, who.personId, who)
  const { token, expiresAt } = await issueToken({ ...ctx, actor }, { label, scopes: [], days: 30 })
  return {
    token,
    expiresAt,
    membershipId: actor.membershipId,
    organisationId: actor.organisationId,
    role: actor.role,
    name: actor.name,
  }
}
