import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { type Embedded, startEmbedded } from '@/db/embedded'
import { migrate } from '@/db/migrate'
import { seed } from '@/db/seed/main'
import { type Config, readConfig } from '~/platform/env.server'
import { buildAll, commandOf, type Env, type Running, root, startProcess, stopProcess } from './processes'

export interface Site {
  url: string
  databaseUrl: string
  config: Config
  /** Stops web, worker and the embedded database, in that order. */
  stop(): Promise<void>
}

interface Options {
  env: Env
  isDev?: boolean
  say?: (line: string) => void
}

const clockOf = () => {
  const start = Date.now()
  return () => `${((Date.now() - start) / 1000).toFixed(1)} s`
}

/** Starts a whole site: database, schema, seed, build, web, worker. What `npm start`, `npm run demo` and the stories use. */
export async function startSite({ env, isDev = false, say = () => {} }: Options): Promise<Site> {
  const config = readConfig(env, root)
  const took = clockOf()
  await mkdir(config.dataDir, { recursive: true })
  const starting = databaseOf(config, say)
  try {
    const building = isDev ? null : buildAll().then(built => say(built ? `Built (${took()})` : 'Build is current'))
    const [database] = await Promise.all([starting, building])
    await migrate(database.url, root)
    say(`Database is current (${took()})`)
    await seed(config, database.url)
    say(`Demo world is seeded (${took()})`)
    return await startProcesses(config, database, env, isDev)
  } catch (error) {
    // Also where only the build failed: no database may be left running behind an error.
    await starting.then(
      database => database.stop(),
      () => {},
    )
    throw error
  }
}

async function databaseOf(config: Config, say: (line: string) => void): Promise<Pick<Embedded, 'url' | 'stop'>> {
  if (config.databaseUrl) return { url: config.databaseUrl, stop: async () => {} }
  say('Starting the embedded PostgreSQL …')
  return startEmbedded(config.dataDir, 'open_tender')
}

async function startProcesses(config: Config, database: Pick<Embedded, 'url' | 'stop'>, env: Env, isDev: boolean): Promise<Site> {
  const port = await usablePort(config)
  const childEnv = {
    ...env,
    NODE_ENV: isDev ? 'development' : 'production',
    DATABASE_URL: database.url,
    DATA_DIR: config.dataDir,
    PORT: String(port),
    LOG_LEVEL: env.LOG_LEVEL ?? 'warn',
  }
  const starting = [startProcess(commandOf('server', isDev), childEnv), startProcess(commandOf('worker', isDev), childEnv)]
  const stop = async () => {
    const started = await Promise.allSettled(starting)
    await Promise.all(started.flatMap(one => (one.status === 'fulfilled' ? [stopProcess(one.value.child)] : [])))
    await database.stop()
  }
  const running: Running[] = await Promise.all(starting).catch(async error => {
    // One failed to start: the other must not be left behind.
    await stop()
    throw error
  })
  const ready = (running[0]!.said as { ready: number }).ready
  return { url: `http://${config.host}:${ready}`, databaseUrl: database.url, config, stop }
}

/** The port asked for, or any free one if it is taken and nobody insisted on it. */
async function usablePort(config: Config): Promise<number> {
  const isFree = (port: number) =>
    new Promise<boolean>(resolve => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, config.host, () => server.close(() => resolve(true)))
    })
  if (config.port === 0 || (await isFree(config.port))) return config.port
  if (process.env.PORT) throw new Error(`PORT: ${config.port} is in use`)
  return 0
}

const usage = `npm start -- [--no-actors] [--dev]
  DATABASE_URL, REDIS_URL, PORT, HOST, DATA_DIR, LOG_LEVEL override the defaults (README, Configuration).`

/** `npm start`: a site, its demo actors, and their accounts on the screen; stops all of it on Ctrl-C. */
export async function launch(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(usage)
  const unknown = args.filter(arg => !['--no-actors', '--dev'].includes(arg))
  if (unknown.length) return fail(`unknown option ${unknown.join(' ')}\n${usage}`)
  const isDev = args.includes('--dev')
  try {
    const site = await startSite({ env: process.env, isDev, say: line => console.log(line) })
    const { startActors, accounts } = await import('./actors/start')
    const actors =
      args.includes('--no-actors') || !site.config.isSandbox ? null : await startActors(site.url, site.config.dataDir)
    console.log(`\n  ${site.url}\n\n${accounts()}\n  Ctrl-C stops everything.\n`)
    let isStopping = false
    const stop = async () => {
      if (isStopping) return
      isStopping = true
      console.log('\nStopping …')
      await actors?.stop()
      await site.stop()
      process.exit(0)
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error))
  }
}

function fail(message: string): void {
  console.error(message)
  process.exit(1)
}
