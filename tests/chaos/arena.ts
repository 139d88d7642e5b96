// A real site made of processes that can be killed one by one, and the witness beside it.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { signIn } from '@/bin/client/api'
import { demoPassword } from '@/bin/client/keys'
import { buildAll, commandOf, type Env, root, startProcess, stopProcess } from '@/bin/processes'
import { type Embedded, startEmbedded } from '@/db/embedded'
import { migrate } from '@/db/migrate'
import { seed } from '@/db/seed/main'
import { readConfig } from '~/platform/env.server'

export const victims = ['web', 'worker', 'database'] as const
export type Victim = (typeof victims)[number]

export interface Arena {
  url: string
  /** Where the parties keep their keys. */
  folder: string
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>
  /** SIGKILL, and the same process again on the same address after `pauseMs`. */
  kill(victim: Victim, pauseMs: number): Promise<void>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

const exited = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>(resolve => child.once('exit', () => resolve()))

async function startWitness(url: string, folder: string): Promise<ChildProcess> {
  const { token } = await signIn(url, 'witness', demoPassword)
  mkdirSync(folder, { recursive: true })
  const log = openSync(join(folder, 'witness.log'), 'a')
  const args = ['bin/run.mjs', 'bin/party/main.ts', '--role', 'witness', '--url', url, '--keys', join(folder, 'witness')]
  const env = { ...process.env, PARTY_TOKEN: token }
  return spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', log, log, 'ipc'] })
}

interface Parts {
  dataDir: string
  url: string
  env: Env
  database: Embedded
  children: Partial<Record<'web' | 'worker' | 'witness', ChildProcess>>
}

const commands = { web: 'server', worker: 'worker' } as const

const start = async ({ env }: Parts, name: 'web' | 'worker') => (await startProcess(commandOf(commands[name], false), env)).child

async function startDatabase(): Promise<Parts> {
  const dataDir = mkdtempSync(join(tmpdir(), 'open-tender-chaos-'))
  const port = await freePort()
  await buildAll()
  const database = await startEmbedded(dataDir, 'open_tender')
  const level = process.env.LOG_LEVEL ?? 'silent'
  const own = { DATABASE_URL: database.url, REDIS_URL: '', DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: level }
  const env = { ...process.env, NODE_ENV: 'production', ...own }
  return { dataDir, url: `http://127.0.0.1:${port}`, env, database, children: {} }
}

async function stopAll({ children, database, dataDir }: Parts): Promise<void> {
  await Promise.all(Object.values(children).map(child => stopProcess(child)))
  await database.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function killOne(parts: Parts, victim: Victim, pauseMs: number): Promise<void> {
  if (victim === 'database') {
    process.kill(parts.database.pid, 'SIGKILL')
    await pause(pauseMs)
    parts.database = await startEmbedded(parts.dataDir, 'open_tender')
    return
  }
  const child = parts.children[victim]!
  child.kill('SIGKILL')
  await exited(child)
  await pause(pauseMs)
  parts.children[victim] = await start(parts, victim)
}

async function queryOnce<Row>(url: string, sql: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql, values)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** Starts database, web, worker and witness in a temporary folder; the demo world is seeded. */
export async function makeArena(): Promise<Arena> {
  const parts = await startDatabase()
  const folder = join(parts.dataDir, 'parties')
  try {
    await migrate(parts.database.url, root)
    await seed(readConfig(parts.env, root), parts.database.url)
    for (const name of ['web', 'worker'] as const) parts.children[name] = await start(parts, name)
    parts.children.witness = await startWitness(parts.url, folder)
  } catch (error) {
    await stopAll(parts)
    throw error
  }
  return {
    url: parts.url,
    folder,
    query: (sql, values = []) => queryOnce(parts.database.url, sql, values),
    kill: (victim, pauseMs) => killOne(parts, victim, pauseMs),
    stop: () => stopAll(parts),
  }
}
