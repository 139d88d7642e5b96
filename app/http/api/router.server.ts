import { createHash } from 'node:crypto'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import type { RequestContext } from '~/http/context'
import { authorise } from '~/platform/identity/authorise.server'
import { Refusal } from '~/shared/refusal'
import { isSameOrigin } from '../request.server'
import type { AnyEndpoint, RawAnswer } from './endpoint.server'
import { once } from './idempotency.server'
import { problemOf, sendProblem, slipProblem } from './problem.server'

/** Puts the endpoints on a router. `contextOf` says who is asking. */
export function apiRouter(endpoints: AnyEndpoint[], contextOf: (request: Request) => Promise<RequestContext>): Router {
  const router = Router()
  for (const endpoint of endpoints) {
    const parse = express.json({ limit: endpoint.limit ?? 1_048_576, strict: true, verify: keepBytes })
    const chain = endpoint.body ? [parse] : []
    router[endpoint.method](endpoint.path, ...chain, (request, response, next) => {
      answer(endpoint, contextOf, request, response).catch(next)
    })
  }
  router.use((request: Request, response: Response) =>
    sendProblem(response, problemOf(new Refusal('not-found'), request.get('x-request-id') ?? '')),
  )
  router.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const { requestId = '', logger } = response.locals as { requestId?: string; logger?: { error(o: object, m: string): void } }
    const problem = problemOf(error, requestId)
    if (problem.status >= 500) logger?.error({ err: error, path: request.route?.path, requestId }, 'api fault')
    sendProblem(response, problem)
  })
  return router
}

/** The bytes of the body, for Idempotency-Key: the same key with other bytes is refused. */
function keepBytes(request: unknown, _response: unknown, bytes: Buffer): void {
  const kept = request as { bodyHash?: string; hasNul?: boolean }
  kept.bodyHash = createHash('sha256').update(bytes).digest('hex')
  kept.hasNul = bytes.includes('\\u0000')
}

async function answer(
  endpoint: AnyEndpoint,
  contextOf: (request: Request) => Promise<RequestContext>,
  request: Request,
  response: Response,
): Promise<void> {
  const context = await contextOf(request)
  response.locals.requestId = context.requestId
  response.locals.logger = context.platform.logger
  // PostgreSQL keeps no NUL in text; nobody types one.
  if (/%00/.test(request.originalUrl) || (request as { hasNul?: boolean }).hasNul)
    throw new Refusal('bad-input', { reason: 'NUL' })
  if (request.method !== 'GET' && context.sessionToken && !isSameOrigin(request)) throw new Refusal('csrf-failed')
  authorise(context.actor, endpoint.permission)
  const read = {
    params: endpoint.params?.safeParse(request.params),
    query: endpoint.query?.safeParse(request.query),
    body: endpoint.body?.safeParse(request.body),
  }
  for (const parsed of [read.params, read.query, read.body]) {
    if (parsed && !parsed.success) return sendProblem(response, slipProblem(parsed.error, context.requestId))
  }
  const ctx = await context.ctx()
  const input = { params: read.params?.data ?? request.params, query: read.query?.data ?? request.query, body: read.body?.data }
  const run = async () => ({ status: endpoint.status ?? 200, body: (await endpoint.handle(ctx, input)) as unknown })
  const key = request.get('idempotency-key')
  const done = key && request.method !== 'GET' ? await once(ctx, key, request, run) : await run()
  if (done.body && typeof done.body === 'object' && 'raw' in done.body)
    return void (await (done.body as RawAnswer).raw(request, response))
  if (endpoint.answer === 'text') return void response.status(done.status).type('text/plain; charset=utf-8').send(done.body)
  response.status(done.status).json(jsonReady(done.body))
}

/** bigint (分) travels as a decimal string: JSON numbers would round it. */
export function jsonReady(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (_key, v) => (typeof v === 'bigint' ? v.toString() : v)))
}
