import type { EventEmitter } from 'node:events'
import { createPostgresBackend, type JobsOptions, Queue, UnrecoverableError, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'

/** Where jobs wait: PostgreSQL unless a Redis is named. Jobs are wake-ups only; what is due stands in PostgreSQL. */
export interface QueueHome {
  databaseUrl: string
  redisUrl: string | undefined
}

/** What the queue holds of a job: its name and the outbox row that promised it. What it is about stands in that row alone. */
export interface Envelope {
  name: string
  outboxId: number
}

/** One handing over of a promise. Each is a job of its own there: one that finds its promise kept, or in other hands, ends. */
export interface Sending extends Envelope {
  send: number
  /** Smaller runs first, 1 to 2,097,151. */
  priority: number
}

export const queueName = 'open-tender'
/** The queue tries once: when to try again and when to give up stand in PostgreSQL, where no wipe forgets them (jobs/run.ts). */
const options: JobsOptions = { attempts: 1, removeOnComplete: 1_000, removeOnFail: 5_000 }
/** A store that says nothing for this long is away. */
const patienceMs = 2_000

const redis = (url: string, forWorker: boolean) =>
  new Redis(url, forWorker ? { maxRetriesPerRequest: null } : { maxRetriesPerRequest: 1, enableOfflineQueue: false })

/**
 * Lets a connection outlive its database: without a listener an error ends the process, and BullMQ listens to its own only once it
 * is connected. A database that is killed in that very moment tells so before; whoever listens later is told then.
 */
function keepErrors(client: EventEmitter): void {
  let died: Error | undefined
  client.on('error', error => {
    died = error
  })
  client.on('newListener', (event: string, listener: (error: Error) => void) => {
    const error = died
    if (event === 'error' && error) setImmediate(() => listener.call(client, error))
  })
}

/** The connections of one queue or worker in PostgreSQL: BullMQ's ten, and one that listens. Its statements name no schema. */
function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 11, keepAlive: true, options: '-c search_path=bullmq' })
  pool.on('error', () => {})
  pool.on('connect', keepErrors)
  return pool
}

type Beginning = { readyPromise: Promise<unknown> | undefined; waitUntilReady(): Promise<unknown> }

/** BullMQ answers every later question with the failure of a first connection; here the next question tries again. */
function forgetFailure(one: Beginning): void {
  const begin = one.waitUntilReady.bind(one)
  one.waitUntilReady = () =>
    begin().catch((error: unknown) => {
      one.readyPromise = undefined
      throw error
    })
}

/** BullMQ's way into PostgreSQL, which may be away when it begins. */
const lastingBackend: typeof createPostgresBackend = (...wanted) => {
  const backend = createPostgresBackend(...wanted)
  const { connection } = backend as unknown as { connection: Beginning }
  for (const one of [connection, backend as unknown as Beginning]) forgetFailure(one)
  return backend
}

/** Where the jobs are, opened, and how it is closed again. */
function openHome({ redisUrl, databaseUrl }: QueueHome, forWorker: boolean, onError: (error: Error) => void) {
  if (!redisUrl) {
    const pool = openPool(databaseUrl)
    return { connection: pool, factory: lastingBackend, leave: () => within(patienceMs, pool.end()).catch(() => {}) }
  }
  const connection = redis(redisUrl, forWorker)
  connection.on('error', onError)
  return { connection, factory: undefined, leave: async () => connection.disconnect() }
}

/** Within `ms`, or a refusal: a store that is away must not hold the relay. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the queue does not answer')), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Opens the queue for adding. Fails fast when its store is away: the relay tries again. */
export function openQueue(home: QueueHome, onError: (error: Error) => void) {
  const { connection, factory, leave } = openHome(home, false, onError)
  const queue = new Queue(queueName, { connection, defaultJobOptions: options } as never, factory as never)
  queue.on('error', onError)
  const jobOf = ({ name, outboxId, send, priority }: Sending) => ({
    name,
    data: { outboxId },
    opts: { jobId: `outbox-${outboxId}-${send}`, priority },
  })
  const add = async (sendings: Sending[]): Promise<void> => {
    const adding = queue.addBulk(sendings.map(jobOf))
    adding.catch(() => {}) // a refusal that comes after its time was already dealt with
    await within(patienceMs, adding)
  }
  const close = async () => {
    await within(patienceMs, queue.close()).catch(() => {})
    await leave()
  }
  return { add, close, queue }
}

export type OpenQueue = ReturnType<typeof openQueue>

/** Runs jobs with `run`, up to `concurrency` at once; `close` waits for those under way. */
export function openWorker(
  home: QueueHome,
  concurrency: number,
  run: (envelope: Envelope) => Promise<void>,
  onError: (error: Error) => void,
) {
  const { connection, factory, leave } = openHome(home, true, onError)
  const settings = { connection, concurrency, lockDuration: 10_000, stalledInterval: 5_000, runRetryDelay: 1_000 }
  const worker = new Worker(
    queueName,
    async job => run({ name: job.name, outboxId: Number((job.data as { outboxId: unknown }).outboxId) }).catch(kindOnly),
    settings as never,
    factory as never,
  )
  worker.on('error', onError)
  const close = async () => {
    await worker.close()
    await leave()
  }
  return { close }
}

/** The queue's store keeps why a job failed, in clear: it is told the kind and nothing else (crypto.md §10.2). */
function kindOnly(error: unknown): never {
  const told = new UnrecoverableError(problemOf(error))
  told.stack = told.message
  throw told
}

/** The kind of a fault: its class and code, without its message, which may name people or what they sent. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = error.cause instanceof Error ? error.cause : error
  const code = 'code' in cause && typeof cause.code === 'string' ? ` ${cause.code}` : ''
  return `${cause.name}${code}`.slice(0, 80)
}
