import type { Ctx } from '~/platform/ctx'
import type { JobName, JobPayload } from './catalogue'

/** Every job of an area has a handler: one that is missing does not compile. */
export type Handlers<Prefix extends string> = {
  [Name in Extract<JobName, `${Prefix}${string}`>]: (ctx: Ctx, payload: JobPayload<Name>) => Promise<unknown>
}
