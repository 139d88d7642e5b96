import { createServer } from 'node:http'
import { assertRealClock } from '@/db/migrate'
import { openBoard } from '@/jobs/board'
import { catchUp } from '@/jobs/catch-up'
import { startPulse } from '~/platform/audit/pulse.server'
import { readConfig } from '~/platform/env.server'
import { recordScripts } from '~/platform/script/script.server'
import { makeLogger, startPlatform, stopPlatform, systemCtx } from '~/platform/start.server'
import { makeApp } from './http/app.server'
import { boardPath } from './http/board.server'

/** How long open connections may finish their answers after SIGTERM. */
const drainMs = 8_000

/** The web process: pages, API, uploads, event streams. Drains on SIGTERM, SIGINT, or when its launcher dies. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = makeLogger(config, 'web')
  if (!config.databaseUrl) throw new Error('DATABASE_URL is not set')
  const platform = await startPlatform(config, config.databaseUrl, logger, 24)
  await assertRealClock(platform.database.pool)
  const isDev = process.env.NODE_ENV === 'development'
  const home = { databaseUrl: config.databaseUrl, redisUrl: config.redisUrl }
  const board = openBoard(home, boardPath, error => logger.warn({ err: error }, 'queue'))
  const endPulse = await startPulse(platform)
  await catchUp(platform)
  if (!isDev) await recordScripts(await systemCtx(platform, 'web'))
  const { app, streams } = await makeApp(platform, isDev, board.router)
  const server = createServer(app)
  server.keepAliveTimeout = 65_000
  server.requestTimeout = 0 // a 1 GB upload over a slow line takes hours; idle sockets still time out
  server.listen(config.port, config.host, () => {
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : config.port
    logger.info({ port }, 'web ready')
    process.send?.({ ready: port })
  })
  server.on('error', error => {
    console.error(error.message)
    process.exit(1)
  })
  let isStopping = false
  const stop = async () => {
    if (isStopping) return // SIGINT reaches a child twice: from the terminal's group and from the launcher
    isStopping = true
    endPulse()
    streams.close()
    const closed = new Promise(resolve => server.close(resolve))
    server.closeIdleConnections()
    const timer = setTimeout(() => server.closeAllConnections(), drainMs)
    await closed
    clearTimeout(timer)
    setTimeout(() => process.exit(1), drainMs).unref()
    await board.close()
    await stopPlatform(platform)
    logger.info('web drained')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, stop)
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
