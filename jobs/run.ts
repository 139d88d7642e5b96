import type { Ctx, Platform } from '~/platform/ctx'
import { systemCtx } from '~/platform/start.server'
import { jobs } from './catalogue'
import { hall } from './handlers/hall'
import { platform as platformHandlers } from './handlers/platform'
import { trading } from './handlers/trading'
import { type Envelope, problemOf } from './queue'

type AnyHandler = (ctx: Ctx, payload: never) => Promise<unknown>
type AnyJob = { attempts: number; payload: { safeParse(value: unknown): { success: boolean; data?: unknown } } }

const allHandlers = { ...platformHandlers, ...trading, ...hall } as Record<string, AnyHandler>

/** A promise is in one pair of hands: for so long, renewed while its handler works. */
const leaseSeconds = 12
const renewMs = 4_000
/** Back-off: half a second, doubled each time, at most a minute. */
const longestWaitSeconds = 60

interface Claim {
  job: string
  payload: unknown
  attempts: number
}

/** Begins a promise that nobody has in hand; null when it is kept, given up, or somebody's. */
async function claim({ database }: Platform, id: number): Promise<Claim | null> {
  const { rows } = await database.pool.query<Claim>(
    `update outbox set attempts = attempts + 1, lease_until = trade_clock() + make_interval(secs => ${leaseSeconds})
     where id = $1 and done_at is null and failed_at is null and (lease_until is null or lease_until < trade_clock())
     returning job, payload, attempts`,
    [id],
  )
  return rows[0] ?? null
}

/** Keeps the promise in hand while its handler works; returns how to stop. */
function holdLease({ database, logger }: Platform, id: number): () => void {
  const renew = `update outbox set lease_until = trade_clock() + make_interval(secs => ${leaseSeconds}) where id = $1 and done_at is null`
  const timer = setInterval(() => {
    database.pool.query(renew, [id]).catch((error: unknown) => logger.warn({ err: error }, 'lease'))
  }, renewMs)
  return () => clearInterval(timer)
}

const finish = ({ database }: Platform, id: number, problem: string | null) =>
  database.pool.query('update outbox set done_at = trade_clock(), lease_until = null, problem = $2 where id = $1', [id, problem])

const giveUp = ({ database }: Platform, id: number, problem: string) =>
  database.pool.query('update outbox set failed_at = trade_clock(), lease_until = null, problem = $2 where id = $1', [
    id,
    problem,
  ])

async function putOff(platform: Platform, id: number, attempts: number, problem: string): Promise<void> {
  const seconds = Math.min(longestWaitSeconds, 0.5 * 2 ** (attempts - 1))
  await platform.database.pool.query(
    `update outbox set due_at = trade_clock() + make_interval(secs => $2), sent_at = null, lease_until = null, problem = $3
     where id = $1`,
    [id, seconds, problem],
  )
}

/** What becomes of a promise whose handler threw: a refusal is an answer, anything else is tried again until it is given up. */
async function settle(platform: Platform, id: number, { job, attempts }: Claim, error: unknown): Promise<void> {
  const isRefusal = error instanceof Error && error.name === 'Refusal'
  if (isRefusal) {
    platform.logger.warn({ job, code: error.message }, 'job refused')
    await finish(platform, id, error.message.slice(0, 80))
    return
  }
  const problem = problemOf(error)
  // Where it broke, not what it says: a message may name who bids (crypto.md §10.2).
  const at = error instanceof Error ? error.stack?.split('\n').filter(line => /^\s+at /.test(line)) : undefined
  platform.logger.error({ job, attempts, problem, at }, 'job')
  const most = (jobs as Record<string, AnyJob>)[job]?.attempts ?? 1
  if (attempts >= most) await giveUp(platform, id, problem)
  else await putOff(platform, id, attempts, problem)
  throw error
}

/**
 * Runs one job and marks its promise as kept; one already kept, or in other hands, is left alone. When it failed, the outbox
 * says when it is due again; after its last attempt it is given up and waits for the operator. Throws what the handler threw.
 */
export async function runJob(platform: Platform, { outboxId }: Envelope, handlers = allHandlers): Promise<void> {
  const claimed = await claim(platform, outboxId)
  if (!claimed) return
  const parsed = (jobs as Record<string, AnyJob>)[claimed.job]?.payload.safeParse(claimed.payload)
  const handler = handlers[claimed.job]
  if (!parsed?.success || !handler) return void (await giveUp(platform, outboxId, 'no such job or payload'))
  const letGo = holdLease(platform, outboxId)
  try {
    await handler(await systemCtx(platform, claimed.job), parsed.data as never)
    await finish(platform, outboxId, null)
  } catch (error) {
    await settle(platform, outboxId, claimed, error)
  } finally {
    letGo()
  }
}
