import { UnrecoverableError } from 'bullmq'
import { and, eq, isNotNull } from 'drizzle-orm'
import { outbox } from '@/db/schema/platform/outbox'
import type { Ctx, Platform } from '~/platform/ctx'
import { systemCtx } from '~/platform/start.server'
import { jobs } from './catalogue'
import { hall } from './handlers/hall'
import { platform as platformHandlers } from './handlers/platform'
import { trading } from './handlers/trading'
import type { Envelope } from './queue'

type AnyHandler = (ctx: Ctx, payload: never) => Promise<unknown>

const allHandlers = { ...platformHandlers, ...trading, ...hall } as Record<string, AnyHandler>

/**
 * Runs one job and marks its promise as kept; one already kept is left alone. A malformed payload or a refusal is final (never retried); anything else is
 * retried by the queue, and by the relay if the queue forgets it.
 */
export async function runJob(platform: Platform, envelope: Envelope, handlers = allHandlers): Promise<void> {
  const db = platform.database.db
  const [kept] = await db
    .select()
    .from(outbox)
    .where(and(eq(outbox.id, envelope.outboxId), isNotNull(outbox.doneAt)))
  if (kept) return
  const job = jobs[envelope.name] as { payload: { safeParse(value: unknown): { success: boolean; data?: unknown } } } | undefined
  const parsed = job?.payload.safeParse(envelope.payload)
  if (!parsed?.success) throw new UnrecoverableError(`no such job or payload: ${envelope.name}`)
  const ctx = await systemCtx(platform, envelope.name)
  try {
    await handlers[envelope.name]!(ctx, parsed.data as never)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Refusal') throw error
    platform.logger.warn({ job: envelope.name, code: error.message }, 'job refused')
  }
  await db.update(outbox).set({ doneAt: ctx.now }).where(eq(outbox.id, envelope.outboxId))
}
