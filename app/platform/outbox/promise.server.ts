import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { outbox } from '@/db/schema/platform/outbox'
import { type JobName, jobs } from '@/jobs/catalogue'
import type { Ctx } from '../ctx'

/** Promises a job: it is sent only if this transaction commits, and sent again until its handler says it is done. */
export async function promise<Name extends JobName>(
  ctx: Ctx,
  job: Name,
  payload: z.input<(typeof jobs)[Name]['payload']>,
  dueAt?: Date,
): Promise<void> {
  await promiseMany(ctx, job, [payload], dueAt)
}

/** As `promise`, for several jobs of one kind at once. */
export async function promiseMany<Name extends JobName>(
  ctx: Ctx,
  job: Name,
  payloads: z.input<(typeof jobs)[Name]['payload']>[],
  dueAt?: Date,
): Promise<void> {
  if (payloads.length === 0) return
  const common = { job, priority: jobs[job].priority, dueAt: dueAt ?? ctx.now }
  await ctx.db.insert(outbox).values(payloads.map(payload => ({ ...common, payload })))
  // Wakes the relays when this commits; without it they look once a second.
  await ctx.db.execute(sql`select pg_notify('outbox', '')`)
}
