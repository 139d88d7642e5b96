import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { listDeadLetters, readQueueState, retryDeadLetter } from '~/platform/outbox/dead-letter.server'

const id = z.object({ promise: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

/** The operator's view of what the platform promised itself: nothing of any tender. */
export const queueEndpoints = [
  endpoint({
    method: 'get',
    path: '/queue',
    tag: 'queue',
    summary: 'How much is promised, in hand and given up, and the dead letters, the latest first',
    permission: 'queue.read',
    answer: z.object({
      state: z.object({ waiting: z.number(), begun: z.number(), dead: z.number(), oldestSeconds: z.number() }),
      dead: z.array(
        z.object({
          id: z.number(),
          job: z.string(),
          dueAt: z.date(),
          failedAt: z.date(),
          attempts: z.number(),
          problem: z.string().nullable(),
        }),
      ),
    }),
    handle: async ctx => ({ state: await readQueueState(ctx), dead: await listDeadLetters(ctx) }),
  }),
  endpoint({
    method: 'post',
    path: '/queue/dead-letters/:promise/retry',
    tag: 'queue',
    summary: 'Has a dead letter begun again; an act in the log',
    permission: 'queue.retry',
    params: id,
    answer: z.null(),
    handle: (ctx, { params }) => retryDeadLetter(ctx, { id: params.promise }),
  }),
]
