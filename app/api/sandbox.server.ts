import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { readDemoKey } from '~/platform/identity/demo.server'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { refuseUnless } from '~/shared/refusal'

const tag = 'sandbox'

export const sandboxEndpoints = [
  endpoint({
    method: 'get',
    path: '/sandbox/messages',
    tag,
    summary: 'Messages that the sandbox delivered after this one, for the telephone exchange of a rehearsal; sandbox only',
    permission: 'sandbox.exchange',
    query: z.object({ after: z.uuid().optional() }),
    answer: z.array(
      z.object({ id: z.uuid(), at: z.date(), to: z.string(), channel: z.enum(['sms', 'voice', 'email']), text: z.string() }),
    ),
    handle: async (ctx, { query }) => {
      refuseUnless(ctx.platform.config.isSandbox, 'not-found')
      return listSandboxMessages(ctx, query.after)
    },
  }),
  endpoint({
    method: 'get',
    path: '/sandbox/demo-keys/:file',
    tag,
    summary: 'The .p12 of a demo actor, as NAME.p12; sandbox only',
    permission: 'portal.read',
    params: z.object({ file: z.string().regex(/^[a-z0-9-]{1,64}\.p12$/) }),
    answer: 'file',
    handle: async (ctx, { params }) => {
      const content = await readDemoKey(ctx, params.file.slice(0, -'.p12'.length))
      return {
        raw: (_request, response) => {
          const headers = { 'content-disposition': `attachment; filename="${params.file}"`, 'cache-control': 'no-store' }
          response.set(headers).type('application/x-pkcs12').send(Buffer.from(content))
        },
      }
    },
  }),
]
