import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { readPresence } from '~/platform/identity/presence.server'

export const presenceEndpoints = [
  endpoint({
    method: 'get',
    path: '/sandbox/presence/:login',
    tag: 'sandbox',
    summary: 'Until when a person sits at this demo account, so that its demo actor stands down; sandbox only',
    permission: 'portal.read',
    params: z.object({ login: z.string().min(1).max(64) }),
    answer: z.object({ activeUntil: z.date().nullable() }),
    handle: (ctx, { params }) => readPresence(ctx, params.login),
  }),
]
