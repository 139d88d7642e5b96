import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { readLotTimeline } from '~/trading/supervision/timeline.read.server'

const id = z.object({ id: z.uuid() })
const entry = z.object({ idx: z.number(), salt: z.string(), payload: z.looseObject({}), proof: z.array(z.string()).nullable() })

export const supervisionEndpoints = [
  endpoint({
    method: 'get',
    path: '/lots/:id/timeline',
    tag: 'log',
    summary: 'The log entries of a lot with salts and inclusion proofs under the newest cosigned checkpoint (tbid/timeline@1)',
    permission: 'timeline.read',
    params: id,
    answer: z.object({
      t: z.literal('tbid/timeline@1'),
      platform: z.string(),
      lot: z.string(),
      checkpoint: z.string().nullable(),
      entries: z.array(entry),
    }),
    handle: async (ctx, { params }) => (await readLotTimeline(ctx, params.id)).timeline,
  }),
]
