import { createPostgresBackend, type JobsOptions, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { type JobName, jobs } from './catalogue'

/** Where jobs wait: PostgreSQL unless a Redis is named. Jobs are wake-ups only; what is due stands in PostgreSQL. */
export interface QueueHome {
  databaseUrl: string
  redisUrl: string | undefined
}

export interface Envelope {
  name: JobName
  /** The outbox row that promised it. */
  outboxId: number
  payload: unknown
  /** How often it has been sent: a second sending is a job of its own, which finds its promise kept and ends. */
  attempt: number
}

const queueName = 'open-tender'
const options: JobsOptions = { backoff: { type: 'exponential', delay: 500 }, removeOnComplete: 1_000, removeOnFail: 5_000 }

const optionsOf = (name: JobName) => {
  const job = jobs[name] as { priority: number; attempts: number } | undefined
  return { priority: job?.priority ?? 9, attempts: job?.attempts ?? 1 }
}

const redis = (url: string, forWorker: boolean) =>
  new Redis(
    url,
    forWorker ? { maxRetriesPerRequest: null } : { maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: false },
  )

/** Opens the queue for adding. Fails fast when its store is away: the relay tries again. */
export function openQueue(home: QueueHome, onError: (error: Error) => void) {
  const connection = home.redisUrl ? redis(home.redisUrl, false) : home.databaseUrl
  if (connection instanceof Redis) connection.on('error', onError)
  const queue = new Queue(
    queueName,
    { connection, defaultJobOptions: options } as never,
    home.redisUrl ? undefined : (createPostgresBackend as never),
  )
  queue.on('error', onError)
  const add = (envelopes: Envelope[]) =>
    queue.addBulk(
      envelopes.map(envelope => ({
        name: envelope.name,
        data: { outboxId: envelope.outboxId, payload: envelope.payload, attempt: envelope.attempt },
        opts: { jobId: `outbox-${envelope.outboxId}-${envelope.attempt}`, ...optionsOf(envelope.name) },
      })),
    )
  const close = async () => {
    await queue.close()
    if (connection instanceof Redis) connection.disconnect()
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
  const connection = home.redisUrl ? redis(home.redisUrl, true) : home.databaseUrl
  if (connection instanceof Redis) connection.on('error', onError)
  const settings = { connection, concurrency, lockDuration: 10_000, stalledInterval: 5_000, runRetryDelay: 1_000 }
  const worker = new Worker(
    queueName,
    async job => run({ name: job.name as JobName, ...(job.data as Omit<Envelope, 'name'>) }),
    settings as never,
    home.redisUrl ? undefined : (createPostgresBackend as never),
  )
  worker.on('error', onError)
  const close = async () => {
    await worker.close()
    if (connection instanceof Redis) connection.disconnect()
  }
  return { close }
}
