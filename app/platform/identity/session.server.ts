import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { membership, organisation, person, session } from '@/db/schema/platform/identity'
import { Refusal } from '~/shared/refusal'
import { formatMinute } from '~/shared/time'
import { command } from '../audit/command.server'
import type { Actor, Ctx, PersonActor } from '../ctx'
import { personOf } from './authorise.server'
import { passwordFits } from './password.server'
import { countAttempt } from './rate.server'

const sessionHours = 12
const lockAfter = 5
const lockMinutes = 15

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
export const newToken = () => randomBytes(32).toString('base64url')

/** What an actor is made of. */
export const member = {
  personId: person.id,
  name: person.name,
  membershipId: membership.id,
  organisationId: organisation.id,
  organisationName: organisation.name,
  role: membership.role,
  regionPrefix: membership.regionPrefix,
  sector: membership.sector,
}

const selectMembers = (ctx: Ctx) =>
  ctx.db
    .select(member)
    .from(membership)
    .innerJoin(person, eq(person.id, membership.personId))
    .innerJoin(organisation, eq(organisation.id, membership.organisationId))

/** The memberships a person may act through. */
export async function listMemberships(ctx: Ctx, personId: string): Promise<PersonActor[]> {
  const rows = await selectMembers(ctx)
    .where(and(eq(person.id, personId), isNull(membership.endedAt)))
    .orderBy(membership.createdAt)
  return rows.map(row => ({ kind: 'person', ...row }))
}

/** Checks login and password; five wrong ones lock the account for 15 minutes. Refuses bad-credentials, locked-out, too-many. */
export async function checkPassword(ctx: Ctx, login: string, password: string): Promise<{ personId: string }> {
  await countAttempt(ctx, `sign-in ${ctx.address}`, 60, 60)
  await countAttempt(ctx, `sign-in as ${login}`, 60, 60)
  const [found] = await ctx.db.select().from(person).where(eq(person.login, login))
  if (found?.lockedUntil && found.lockedUntil > ctx.now)
    throw new Refusal('locked-out', { until: formatMinute(found.lockedUntil) })
  if (await passwordFits(password, found?.passwordHash ?? null)) {
    if (found!.failures > 0) await ctx.db.update(person).set({ failures: 0, lockedUntil: null }).where(eq(person.id, found!.id))
    return { personId: found!.id }
  }
  if (found) await countFailure(ctx, found.id)
  throw new Refusal('bad-credentials')
}

async function countFailure(ctx: Ctx, personId: string): Promise<void> {
  const until = new Date(ctx.now.getTime() + lockMinutes * 60_000)
  await ctx.db
    .update(person)
    .set({
      failures: sql`case when ${person.failures} + 1 >= ${lockAfter} then 0 else ${person.failures} + 1 end`,
      lockedUntil: sql`case when ${person.failures} + 1 >= ${lockAfter} then ${until.toISOString()}::timestamptz else ${person.lockedUntil} end`,
    })
    .where(eq(person.id, personId))
}

/** Opens a session for one of the person's memberships; returns the cookie's token. The log keeps who and when, never the token. */
export const startSession = command('session.start', async (ctx, input: { personId: string; membershipId?: string }) => {
  const memberships = await listMemberships(ctx, input.personId)
  const chosen = input.membershipId ? memberships.find(m => m.membershipId === input.membershipId) : memberships[0]
  if (!chosen) throw new Refusal('not-allowed', { permission: 'session.start' })
  const token = newToken()
  const expiresAt = new Date(ctx.now.getTime() + sessionHours * 3_600_000)
  await ctx.db
    .insert(session)
    .values({ tokenHash: sha256(token), membershipId: chosen.membershipId, createdAt: ctx.now, seenAt: ctx.now, expiresAt })
  return { result: { token, expiresAt, actor: chosen }, entry: { facts: { membership: chosen.membershipId } } }
})

/** Goes on in the same browser as another of the person's memberships: a new session, the old one ends. Refuses not-allowed. */
export const switchMembership = command('session.switch', async (ctx, input: { token: string | null; membershipId: string }) => {
  const started = await startSession(ctx, { personId: personOf(ctx).personId, membershipId: input.membershipId })
  if (input.token)
    await ctx.db
      .update(session)
      .set({ endedAt: ctx.now })
      .where(eq(session.tokenHash, sha256(input.token)))
  return { result: started, entry: null }
})

/** Ends the session of this token. */
export const endSession = command('session.end', async (ctx, input: { token: string }) => {
  await ctx.db
    .update(session)
    .set({ endedAt: ctx.now })
    .where(eq(session.tokenHash, sha256(input.token)))
  return { result: null, entry: { facts: {} } }
})

/** The actor of a session cookie, or the public. */
export async function actorOfSession(ctx: Ctx, token: string): Promise<Actor> {
  const alive = and(
    eq(session.tokenHash, sha256(token)),
    isNull(session.endedAt),
    gt(session.expiresAt, ctx.now),
    isNull(membership.endedAt),
  )
  const [row] = await selectMembers(ctx).innerJoin(session, eq(session.membershipId, membership.id)).where(alive)
  if (!row) return { kind: 'public' }
  await ctx.db
    .update(session)
    .set({ seenAt: ctx.now })
    .where(
      and(
        eq(session.tokenHash, sha256(token)),
        sql`${session.seenAt} < ${new Date(ctx.now.getTime() - 30_000).toISOString()}::timestamptz`,
      ),
    )
  return { kind: 'person', ...row }
}
