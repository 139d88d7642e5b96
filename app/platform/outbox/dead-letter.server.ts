import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { outbox } from '@/db/schema/platform/outbox'
import { refuseUnless } from '~/shared/refusal'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'

export type DeadLetter = { id: number; job: string; dueAt: Date; failedAt: Date; attempts: number; problem: string | null }

const isDead = and(isNull(outbox.doneAt), isNotNull(outbox.failedAt))
const most = 500

/** Promises that were given up, the latest first, at most 500: name, number and the fault's kind, nothing of any tender. */
export async function listDeadLetters(ctx: Ctx): Promise<DeadLetter[]> {
  const { id, job, dueAt, failedAt, attempts, problem } = outbox
  const rows = await ctx.db
    .select({ id, job, dueAt, failedAt, attempts, problem })
    .from(outbox)
    .where(isDead)
    .orderBy(desc(failedAt))
    .limit(most)
  return rows.flatMap(row => (row.failedAt ? [{ ...row, failedAt: row.failedAt }] : []))
}

export type QueueState = { waiting: number; begun: number; dead: number; oldestSeconds: number }

/** How much is promised and not done, in hand, given up; how long the oldest due promise has waited. */
export async function readQueueState(ctx: Ctx): Promise<QueueState> {
  const { rows } = await ctx.db.execute<QueueState & Record<string, unknown>>(sql`
    select
      count(*) filter (where failed_at is null)::int as waiting,
      count(*) filter (where failed_at is null and lease_until >= trade_clock())::int as begun,
      count(*) filter (where failed_at is not null)::int as dead,
      coalesce(extract(epoch from trade_clock() - min(due_at) filter (where failed_at is null and due_at <= trade_clock())), 0)::int
        as "oldestSeconds"
    from outbox where done_at is null`)
  return rows[0]!
}

/** Has a promise that was given up begun again, from its first attempt. Twice is once; refuses not-found. */
export const retryDeadLetter = command(
  'queue.retry',
  async (ctx, { id }: { id: number }) => {
    const again = { failedAt: null, sentAt: null, leaseUntil: null, attempts: 0, dueAt: ctx.now }
    const [row] = await ctx.db
      .update(outbox)
      .set(again)
      .where(and(eq(outbox.id, id), isDead))
      .returning({ job: outbox.job })
    refuseUnless(row, 'not-found')
    await ctx.db.execute(sql`select pg_notify('outbox', '')`)
    return { result: null, entry: { facts: { promise: id, job: row.job } } }
  },
  'queue.retry',
)
