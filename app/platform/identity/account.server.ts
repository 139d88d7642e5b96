import { and, eq, isNull, ne } from 'drizzle-orm'
import { membership, person, session } from '@/db/schema/platform/identity'
import { Refusal } from '~/shared/refusal'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'
import { personOf } from './authorise.server'
import { hashPassword, passwordFits } from './password.server'
import { countAttempt } from './rate.server'
import { sha256 } from './session.server'

interface PasswordChange {
  current: string
  next: string
  /** The session that goes on; the person's others end. */
  token: string | null
}

/** Changes the person's own password, knowing the current one, and ends their other sessions. Refuses bad-credentials, too-many. */
export async function changePassword(ctx: Ctx, input: PasswordChange): Promise<void> {
  const { personId } = personOf(ctx)
  await countAttempt(ctx, `password ${personId}`, 10, 600)
  const [row] = await ctx.db.select().from(person).where(eq(person.id, personId))
  if (!(await passwordFits(input.current, row?.passwordHash ?? null))) throw new Refusal('bad-credentials', { field: 'current' })
  await writePassword(ctx, { passwordHash: await hashPassword(input.next), token: input.token })
}

const writePassword = command(
  'account.manage',
  async (ctx, { passwordHash, token }: { passwordHash: string; token: string | null }) => {
    const { personId } = personOf(ctx)
    await ctx.db.update(person).set({ passwordHash, failures: 0, lockedUntil: null }).where(eq(person.id, personId))
    const mine = await ctx.db.select({ id: membership.id }).from(membership).where(eq(membership.personId, personId))
    for (const { id } of mine) {
      const others = and(
        eq(session.membershipId, id),
        isNull(session.endedAt),
        token ? ne(session.tokenHash, sha256(token)) : undefined,
      )
      await ctx.db.update(session).set({ endedAt: ctx.now }).where(others)
    }
    return { result: null, entry: { facts: {} } }
  },
  'account.password',
)
