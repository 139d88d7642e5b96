import type { Express } from 'express'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Platform } from '~/platform/ctx'

/** /healthz (alive), /readyz (database answers), /metrics (Prometheus). Labels are methods and status classes: nothing of any tender. */
export function health(app: Express, platform: Platform): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'status'],
    registers: [registry],
  })
  app.use((request, response, next) => {
    const end = seconds.startTimer({ method: request.method })
    response.on('finish', () => end({ status: `${Math.floor(response.statusCode / 100)}xx` }))
    next()
  })
  app.get('/healthz', (_request, response) => void response.json({ ok: true }))
  app.get('/readyz', (_request, response) => {
    platform.database.pool
      .query('select trade_clock()')
      .then(() => response.json({ ok: true }))
      .catch(() => response.status(503).json({ ok: false, reason: 'database' }))
  })
  app.get('/metrics', (_request, response, next) => {
    registry
      .metrics()
      .then(text => response.type(registry.contentType).send(text))
      .catch(next)
  })
}
