import type { Server } from 'node:http'
import express from 'express'
import type { TestPlatform } from '@/tests/setup/platform'
import { bidEndpoints } from '~/api/bid.server'
import { mountRaw } from '~/api/raw.server'
import type { AnyEndpoint } from '~/http/api/endpoint.server'
import { apiRouter } from '~/http/api/router.server'
import type { Actor } from '~/platform/ctx'
import { makeCtx } from '~/platform/start.server'

/** The API of bids on a port of its own; `as` says who asks from now on. */
export interface BidApi {
  base: string
  as(actor: Actor): void
  close(): void
}

/** Where every request of the tests comes from (RFC 5737). */
export const testAddress = '198.51.100.7'

export function bidApi(t: TestPlatform, more: AnyEndpoint[] = []): BidApi {
  let actor: Actor = { kind: 'public' }
  const app = express()
  const contextOf = async () => ({
    platform: t.platform,
    actor,
    requestId: 'r-1',
    address: testAddress,
    nonce: '',
    sessionToken: null,
    ctx: async () => ({ ...(await makeCtx(t.platform, actor)), address: testAddress }),
  })
  mountRaw(app, t.platform, { watch: () => () => {}, open: () => {}, close: () => {} } as never, contextOf)
  app.use('/api/v1', apiRouter([...bidEndpoints, ...more], contextOf))
  const server: Server = app.listen(0)
  const address = server.address()
  return {
    base: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/api/v1`,
    as: who => {
      actor = who
    },
    close: () => server.close(),
  }
}
