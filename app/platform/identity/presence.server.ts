import { and, eq, gt, isNull, max } from 'drizzle-orm'
import { membership, person, session } from '@/db/schema/platform/identity'
import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'

/** A person who has asked for nothing for this long has left the desk. */
const idleMs = 60_000

/**
 * Until when a person counts as present at a demo account: a minute after the last page of a session; null when nobody is signed in.
 * The demo actor of that account stands down meanwhile. Refuses not-found outside the sandbox.
 */
export async function readPresence(ctx: Ctx, login: string): Promise<{ activeUntil: Date | null }> {
  if (!ctx.platform.config.isSandbox) throw new Refusal('not-found')
  const alive = and(eq(person.login, login), isNull(session.endedAt), gt(session.expiresAt, ctx.now))
  const [row] = await ctx.db
    .select({ seenAt: max(session.seenAt) })
    .from(session)
    .innerJoin(membership, eq(membership.id, session.membershipId))
    .innerJoin(person, eq(person.id, membership.personId))
    .where(alive)
  return { activeUntil: row?.seenAt ? new Date(row.seenAt.getTime() + idleMs) : null }
}
