import { assertRealClock } from '@/db/migrate'
import { readConfig } from '~/platform/env.server'
import { makeLogger, startPlatform, stopPlatform } from '~/platform/start.server'
import { startClocks } from './clock'
import { listen, startPump } from './pump'
import { openQueue, openWorker } from './queue'
import { runJob } from './run'
import { tickLists } from './ticks'

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
  const run = (envelope: { name: string; outboxId: number }) => runJob(platform, envelope)
  const queue = openQueue(home, onError)
  const pump = startPump(platform, queue, run)
  const worker = openWorker(home, 8, envelope => run(envelope).finally(pump.ended), onError)
  const clock = startClocks(platform, tickLists)
  const ears = await listen(config.databaseUrl, { outbox: pump.nudge, due: clock.nudge })
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    void (async () => {
      // A database that is gone answers nothing: what cannot drain must not stay behind either.
      setTimeout(() => process.exit(1), drainMs).unref()
      await ears.close()
      await Promise.all([clock.close(), pump.close(), worker.close()])
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
