// A real site made of processes that can be killed, frozen and misled one by one, and the witness beside it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { signIn } from '@/bin/client/api'
import { demoPassword } from '@/bin/client/keys'
import { buildAll, commandOf, type Env, root, startProcess, stopProcess } from '@/bin/processes'
import { type Embedded, newDataDir, startEmbedded } from '@/db/embedded'
import { migrate } from '@/db/migrate'
import { seed } from '@/db/seed/main'
import { readConfig } from '~/platform/env.server'
import { type FakeClock, fakeClock } from './fake-clock'
import { type OwnRedis, startRedis } from './redis'

export const victims = ['web', 'worker', 'database'] as const
export type Victim = (typeof victims)[number]
type Named = 'web' | 'worker' | 'worker2' | 'witness'

export interface ArenaOptions {
  redis?: boolean
  /** A second worker beside the first. */
  twoWorkers?: boolean
  /** Uploads on a filesystem of this many MiB of its own. Needs root. */
  uploadsMiB?: number
  /** Clocks of web, worker, database and clients that can be set. */
  fakeClocks?: boolean
  env?: Env
}

export interface Arena {
  url: string
  /** Where the parties keep their keys. */
  folder: string
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>
  /** SIGKILL, and the same process again on the same address after `pauseMs`. */
  kill(victim: Victim, pauseMs: number): Promise<void>
  /** SIGSTOP for so long: alive, holding what it holds, doing nothing. */
  freeze(name: Named, ms: number): Promise<void>
  /** Ends a process for good, or until `begin`. */
  end(name: Named): Promise<void>
  begin(name: Named): Promise<void>
  /** Stops PostgreSQL in order and starts it again, its clock so many seconds off. */
  restartDatabase(clockSeconds?: number): Promise<void>
  wipeQueue(): Promise<void>
  redis: OwnRedis | null
  clocks: Record<'web' | 'worker' | 'database' | 'custodians' | 'bidders', FakeClock> | null
  resizeUploads(mib: number): void
  stop(): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

const exited = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>(resolve => child.once('exit', () => resolve()))

interface Parts {
  options: ArenaOptions
  dataDir: string
  folder: string
  url: string
  env: Env
  database: Embedded
  redis: OwnRedis | null
  clocks: Arena['clocks']
  children: Partial<Record<Named, ChildProcess>>
}

async function startWitness({ url, folder }: Parts): Promise<ChildProcess> {
  const { token } = await signIn(url, 'witness', demoPassword)
  mkdirSync(folder, { recursive: true })
  const log = openSync(join(folder, 'witness.log'), 'a')
  const args = ['bin/run.mjs', 'bin/party/main.ts', '--role', 'witness', '--url', url, '--keys', join(folder, 'witness')]
  const env = { ...process.env, PARTY_TOKEN: token }
  return spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', log, log, 'ipc'] })
}

async function begin(parts: Parts, name: Named): Promise<void> {
  if (name === 'witness') parts.children.witness = await startWitness(parts)
  else {
    const kind = name === 'web' ? 'web' : 'worker'
    const env = { ...parts.env, ...parts.clocks?.[kind].env }
    const command = commandOf(kind === 'web' ? 'server' : 'worker', false)
    parts.children[name] = (await startProcess(command, env)).child
  }
}

async function end(parts: Parts, name: Named): Promise<void> {
  const child = parts.children[name]
  if (!child) return
  child.kill('SIGKILL')
  await exited(child)
}

const uploadsOf = (dataDir: string) => join(dataDir, 'uploads')

function mountUploads(dataDir: string, mib: number, isNew: boolean): void {
  mkdirSync(uploadsOf(dataDir), { recursive: true, mode: 0o700 })
  const how = isNew ? ['-t', 'tmpfs', '-o', `size=${mib}m,mode=700`, 'tmpfs'] : ['-o', `remount,size=${mib}m`]
  execFileSync('mount', [...how, uploadsOf(dataDir)])
}

function clocksIn(folder: string): Arena['clocks'] {
  const clock = (name: string) => fakeClock(folder, name)
  const names = ['web', 'worker', 'database', 'custodians', 'bidders'] as const
  return Object.fromEntries(names.map(name => [name, clock(name)])) as Arena['clocks']
}

async function prepare(options: ArenaOptions): Promise<Parts> {
  const dataDir = newDataDir('chaos')
  const clockDir = mkdtempSync(join(tmpdir(), 'open-tender-clocks-'))
  execFileSync('chmod', ['755', clockDir])
  const port = await freePort()
  await buildAll()
  if (options.uploadsMiB) mountUploads(dataDir, options.uploadsMiB, true)
  const clocks = options.fakeClocks ? clocksIn(clockDir) : null
  const database = await startEmbedded(dataDir, 'open_tender', false, clocks?.database.env)
  const redis = options.redis ? await startRedis(dataDir, await freePort()) : null
  const level = process.env.LOG_LEVEL ?? 'silent'
  const own = { DATABASE_URL: database.url, REDIS_URL: redis?.url ?? '', DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: level }
  const env = { ...process.env, NODE_ENV: 'production', ...own, ...options.env }
  const folder = join(dataDir, 'parties')
  return { options, dataDir, folder, url: `http://127.0.0.1:${port}`, env, database, redis, clocks, children: {} }
}

async function stopAll({ children, database, redis, dataDir, options }: Parts): Promise<void> {
  await Promise.all(Object.values(children).map(child => stopProcess(child)))
  await redis?.kill().catch(() => {})
  await database.stop()
  if (options.uploadsMiB) execFileSync('umount', [uploadsOf(dataDir)])
  rmSync(dataDir, { recursive: true, force: true })
}

async function killDatabase(parts: Parts, pauseMs: number): Promise<void> {
  process.kill(parts.database.pid, 'SIGKILL')
  await pause(pauseMs)
  parts.database = await startEmbedded(parts.dataDir, 'open_tender', false, parts.clocks?.database.env)
}

async function restartDatabase(parts: Parts, clockSeconds = 0): Promise<void> {
  await parts.database.stop()
  parts.clocks?.database.set(clockSeconds)
  parts.database = await startEmbedded(parts.dataDir, 'open_tender', false, parts.clocks?.database.env)
}

async function freeze(parts: Parts, name: Named, ms: number): Promise<void> {
  const child = parts.children[name]
  child?.kill('SIGSTOP')
  await pause(ms)
  child?.kill('SIGCONT')
}

async function queryOnce<Row>(url: string, sql: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql, values)).rows as Row[]
  } finally {
    await client.end()
  }
}

const busyMs = 30_000
/** Starting up after a kill, every place still taken by who was killed, or not listening yet. */
const isBusy = (error: unknown) =>
  error instanceof Error && 'code' in error && ['57P03', '53300', 'ECONNREFUSED', 'ECONNRESET'].includes(String(error.code))

/** Looks into a database that may just have been killed. */
async function query<Row>(parts: Parts, sql: string, values: unknown[]): Promise<Row[]> {
  for (const until = Date.now() + busyMs; ; await pause(250)) {
    try {
      return await queryOnce<Row>(parts.database.url, sql, values)
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error
    }
  }
}

async function wipeQueue({ redis, database }: Parts): Promise<void> {
  if (redis) await redis.wipe()
  else await queryOnce(database.url, 'delete from bullmq.job', [])
}

const arenaOf = (parts: Parts): Arena => ({
  url: parts.url,
  folder: parts.folder,
  redis: parts.redis,
  clocks: parts.clocks,
  query: (sql, values = []) => query(parts, sql, values),
  kill: async (victim, pauseMs) => {
    if (victim === 'database') return killDatabase(parts, pauseMs)
    await end(parts, victim)
    await pause(pauseMs)
    await begin(parts, victim)
  },
  freeze: (name, ms) => freeze(parts, name, ms),
  end: name => end(parts, name),
  begin: name => begin(parts, name),
  restartDatabase: clockSeconds => restartDatabase(parts, clockSeconds),
  wipeQueue: () => wipeQueue(parts),
  resizeUploads: mib => mountUploads(parts.dataDir, mib, false),
  stop: () => stopAll(parts),
})

/** Starts database, web, worker and witness in a temporary folder; the demo world is seeded. */
export async function makeArena(options: ArenaOptions = {}): Promise<Arena> {
  const parts = await prepare(options)
  try {
    await migrate(parts.database.url, root)
    await seed(readConfig(parts.env, root), parts.database.url)
    const names: Named[] = ['web', 'worker', ...(options.twoWorkers ? (['worker2'] as const) : []), 'witness']
    for (const name of names) await begin(parts, name)
  } catch (error) {
    await stopAll(parts)
    throw error
  }
  return arenaOf(parts)
}
