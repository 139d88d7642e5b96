import { join } from 'node:path'
import { createRequestHandler } from '@remix-run/express'
import compression from 'compression'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { mountRaw } from '~/api/raw.server'
import { endpoints } from '~/api/registry.server'
import type { Platform } from '~/platform/ctx'
import { isKeyPage } from '~/shared/key-pages'
import { openApiOf } from './api/openapi.server'
import { apiRouter } from './api/router.server'
import { mountBoard } from './board.server'
import { health } from './health.server'
import { isSameOrigin, requestContext } from './request.server'
import { openStreams, type Streams } from './streams.server'

/** Everything but the pages. Order matters: uploads and streams before anything that reads bodies. */
export async function makeApi(platform: Platform, board?: RequestHandler): Promise<{ app: Express; streams: Streams }> {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', false)
  app.use(logRequest(platform))
  health(app, platform)
  const streams = await openStreams(platform)
  const contextOf = (request: Request) => requestContext(platform, request)
  mountRaw(app, platform, streams, contextOf)
  const openApi = openApiOf(endpoints)
  app.get('/api/v1/openapi.json', (_request, response) => void response.json(openApi))
  app.use('/api/v1', securityHeaders(null), apiRouter(endpoints, contextOf))
  if (board) mountBoard(app, board, contextOf)
  return { app, streams }
}

/** The whole web face on one Express app. */
export async function makeApp(
  platform: Platform,
  isDev: boolean,
  board?: RequestHandler,
): Promise<{ app: Express; streams: Streams }> {
  const made = await makeApi(platform, board)
  made.app.use(compression())
  await mountPages(made.app, platform, isDev)
  return made
}

/** The offline tools are kept and run, never shown. */
const asDownload = (response: Response) => void response.setHeader('content-disposition', 'attachment')

/** A worker has the policy its own script came with: it may ask this platform and nobody else. */
const asScript = (response: Response) => void response.setHeader('content-security-policy', workerPolicy)
const workerPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'"

async function mountPages(app: Express, platform: Platform, isDev: boolean): Promise<void> {
  const root = process.cwd()
  const vite = isDev ? await (await import('vite')).createServer({ server: { middlewareMode: true } }) : null
  if (vite) app.use(vite.middlewares)
  else
    app.use('/assets', express.static(join(root, 'build/client/assets'), { immutable: true, maxAge: '1y', setHeaders: asScript }))
  app.use('/offline', express.static(join(root, 'dist/offline'), { maxAge: '1h', index: false, setHeaders: asDownload }))
  app.use(express.static(join(root, isDev ? 'public' : 'build/client'), { maxAge: '1h', index: false }))
  const build = vite
    ? () => vite.ssrLoadModule('virtual:remix/server-build') as never
    : await import(/* @vite-ignore */ join(root, 'build/server/index.js'))
  app.all('*', async (request: Request, response: Response, next: NextFunction) => {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request))
        return void response.status(403).send('cross-site request')
      const context = await requestContext(platform, request)
      const reaches = isKeyPage(request.path) ? platform.config.usbKeyUrls : []
      securityHeaders(isDev ? null : context.nonce, reaches)(request, response, () => {})
      const handle = createRequestHandler({
        build,
        mode: isDev ? 'development' : 'production',
        getLoadContext: () => context as never,
      })
      await handle(request, response, next)
    } catch (error) {
      next(error)
    }
  })
}

/** Headers of every answer; with a nonce also the CSP (scripts only ours, workers and WebAssembly none but ours). `reaches`: whom else the page may ask. */
export function securityHeaders(nonce: string | null, reaches: string[] = []) {
  return (_request: Request, response: Response, next: () => void) => {
    response.set({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    })
    if (nonce) {
      const script = `script-src 'self' 'nonce-${nonce}'`
      const rest =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; worker-src 'self'"
      response.set('content-security-policy', `${script}; ${["connect-src 'self'", ...reaches].join(' ')}; ${rest}`)
    }
    next()
  }
}

/** One structured line per request: method, path without query, status, time. Never a body, a cookie or a query. */
function logRequest(platform: Platform) {
  return (request: Request, response: Response, next: NextFunction) => {
    const start = process.hrtime.bigint()
    response.on('finish', () => {
      if (request.path.startsWith('/assets')) return
      const ms = Number(process.hrtime.bigint() - start) / 1e6
      platform.logger.debug({ method: request.method, status: response.statusCode, ms: Math.round(ms) }, 'request')
    })
    next()
  }
}
