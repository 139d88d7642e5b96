/**
 * Every job: its payload, how often it is retried and how many run at once in a worker. Imports nothing of ours.
 * Payloads hold ids only: the queue keeps them in clear.
 */
import { z } from 'zod'

export const id = z.uuid()

interface Job {
  payload: z.ZodType
  attempts: number
  /** Smaller runs first. */
  priority: number
}

export const job = <P extends z.ZodType>(payload: P, priority = 5, attempts = 8) =>
  ({ payload, priority, attempts }) satisfies Job

export const jobs = {
  'platform.notification.send': job(z.object({ notificationId: id }), 4),
  // Prices are read out before anything else is decrypted.
  'trading.bid.decrypt-price': job(z.object({ bidId: id }), 1),
  'trading.bid.decrypt-files': job(z.object({ bidId: id }), 8),
  'trading.notice.paper': job(z.object({ noticeId: id }), 7),
  'trading.lot.destroy-sealed': job(z.object({ lotId: id }), 9),
} as const

export type Jobs = typeof jobs
export type JobName = keyof Jobs
export type JobPayload<Name extends JobName> = z.output<Jobs[Name]['payload']>
