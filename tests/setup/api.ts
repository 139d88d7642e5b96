import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { TestPlatform } from '@/tests/setup/platform'
import type { AnyEndpoint } from '~/http/api/endpoint.server'
import { apiRouter } from '~/http/api/router.server'
import { requestContext } from '~/http/request.server'
import type { PersonActor } from '~/platform/ctx'
import { issueToken } from '~/platform/identity/token.server'

export interface ApiAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the wire brought
  body: any
  headers: Headers
}

export interface TestApi {
  url: string
  /** One JSON request as this actor, or as the public; `body` may also be raw bytes with their headers. */
  call(
    method: string,
    path: string,
    options?: { actor?: PersonActor; body?: unknown; headers?: Record<string, string> },
  ): Promise<ApiAnswer>
  close(): Promise<void>
}

/** These endpoints on a real port, asked over HTTP as an outsider would. */
export async function testApi(t: TestPlatform, endpoints: AnyEndpoint[]): Promise<TestApi> {
  const app = express()
  app.use(
    '/api/v1',
    apiRouter(endpoints, request => requestContext(t.platform, request)),
  )
  const server = createServer(app)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`
  const tokens = new Map<string, string>()
  const tokenOf = async (actor: PersonActor) => {
    const known = tokens.get(actor.membershipId)
    if (known) return known
    const { token } = await issueToken(await t.ctx(actor), { label: 'test', scopes: [], days: 1 })
    tokens.set(actor.membershipId, token)
    return token
  }
  const call: TestApi['call'] = async (method, path, { actor, body, headers = {} } = {}) => {
    const sent = body instanceof Uint8Array ? Buffer.from(body) : body === undefined ? null : JSON.stringify(body)
    const sentHeaders = new Headers(headers)
    if (typeof sent === 'string') sentHeaders.set('content-type', 'application/json')
    if (actor) sentHeaders.set('authorization', `Bearer ${await tokenOf(actor)}`)
    const answer = await fetch(`${url}${path}`, { method, body: sent, headers: sentHeaders })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json')
    return { status: answer.status, body: isJson && text ? JSON.parse(text) : text, headers: answer.headers }
  }
  const close = () => new Promise<void>(resolve => void server.close(() => resolve()))
  return { url, call, close }
}
