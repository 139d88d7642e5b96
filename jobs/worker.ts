import { assertRealClock } from '@/db/migrate'
import { readConfig } from '~/platform/env.server'
import { makeLogger, startPlatform, stopPlatform } from '~/platform/start.server'
import { startClock } from './clock'
import { openQueue, openWorker } from './queue'
import { relay } from './relay'
import { runJob } from './run'

const relayMs = 200
const drainMs = 14_000

/** The worker process: the clock, the relay and the jobs. Drains on SIGTERM, SIGINT, or when its launcher dies. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = makeLogger(config, 'worker')
  if (!config.databaseUrl) throw new Error('DATABASE_URL is not set')
  const platform = await startPlatform(config, config.databaseUrl, logger, 16)
  await assertRealClock(platform.database.pool)
  const home = { databaseUrl: config.databaseUrl, redisUrl: config.redisUrl }
  const onError = (error: Error) => logger.warn({ err: error }, 'queue')
  const queue = openQueue(home, onError)
  const worker = openWorker(home, 8, envelope => runJob(platform, envelope), onError)
  const clock = startClock(platform)
  let stopping: Promise<void> | undefined
  const timer = setInterval(() => void relayAll(), relayMs)
  let relaying = false
  const relayAll = async () => {
    if (relaying || stopping) return
    relaying = true
    await relay(platform, queue).catch(onError)
    relaying = false
  }
  const stop = () => {
    stopping ??= (async () => {
      clearInterval(timer)
      // A database that is gone answers nothing: what cannot drain must not stay behind either.
      setTimeout(() => process.exit(1), drainMs).unref()
      await clock.close()
      await worker.close()
      await queue.close()
      await stopPlatform(platform)
      logger.info('worker drained')
      process.exit(0)
    })()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, stop)
  logger.info('worker ready')
  process.send?.('ready')
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
