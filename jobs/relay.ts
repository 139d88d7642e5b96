import type { Platform } from '~/platform/ctx'
import type { JobName } from './catalogue'
import type { OpenQueue } from './queue'

const batch = 1_000
/** A job that was sent but not done for this long is sent again: the queue's store may have been wiped. */
const resendSeconds = 30
/** After this many sendings the promise waits for a person (dead letter). */
const mostAttempts = 50

interface Due {
  id: string
  job: JobName
  payload: unknown
  attempts: number
}

/** Sends what is due from the outbox to the queue; returns how many. Several relays at once share the work (SKIP LOCKED). */
export async function relay(platform: Platform, queue: OpenQueue): Promise<number> {
  const { rows } = await platform.database.pool.query<Due>(
    `update outbox set sent_at = trade_clock(), attempts = attempts + 1
     where id in (
       select id from outbox where done_at is null and due_at <= trade_clock() and attempts < $2
         and (sent_at is null or sent_at < trade_clock() - make_interval(secs => $3))
       order by id limit $1 for update skip locked)
     returning id, job, payload, attempts`,
    [batch, mostAttempts, resendSeconds],
  )
  if (rows.length === 0) return 0
  try {
    await queue.add(rows.map(row => ({ name: row.job, outboxId: Number(row.id), payload: row.payload, attempt: row.attempts })))
  } catch (error) {
    await platform.database.pool.query('update outbox set sent_at = null where id = any($1::bigint[])', [rows.map(row => row.id)])
    throw error
  }
  return rows.length
}
