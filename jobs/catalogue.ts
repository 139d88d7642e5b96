/**
 * Every job: its payload, how often it is retried and how many run at once in a worker. Imports nothing of ours.
 * Payloads hold ids only: the queue keeps them in clear.
 */
import { z } from 'zod'

export const id = z.uuid()

interface Job {
  payload: z.ZodType
  /** Begun this often without an end, it is given up and waits for the operator. */
  attempts: number
  /** Smaller runs first. */
  priority: number
}

export const job = <P extends z.ZodType>(payload: P, priority = 5, attempts = 8) =>
  ({ payload, priority, attempts }) satisfies Job

export const jobs = {
  'platform.notification.send': job(z.object({ notificationId: id }), 4),
  // Prices were read out with the keys that opened them; the other files come after everything else.
  'trading.lot.unpack': job(z.object({ lotId: id }), 8),
  'trading.notice.paper': job(z.object({ noticeId: id }), 7),
  'trading.lot.destroy-sealed': job(z.object({ lotId: id }), 9),
} as const

export type Jobs = typeof jobs
export type JobName = keyof Jobs
export type JobPayload<Name extends JobName> = z.output<Jobs[Name]['payload']>
