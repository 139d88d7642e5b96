// A Redis of the run's own, as README asks for one: append-only file, noeviction.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'

export interface OwnRedis {
  url: string
  kill(): Promise<void>
  start(): Promise<void>
  wipe(): Promise<void>
}

async function ready(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 50 })
  client.on('error', () => {})
  await client.ping()
  client.disconnect()
}

/** Starts it on `port`, its file in `folder`. */
export async function startRedis(folder: string, port: number): Promise<OwnRedis> {
  const url = `redis://127.0.0.1:${port}`
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', '']
  let child: ChildProcess
  const start = async () => {
    child = spawn('redis-server', [...args, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' })
    await ready(url)
  }
  const kill = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const wipe = async () => {
    const client = new Redis(url)
    await client.flushall()
    client.disconnect()
  }
  await start()
  return { url, kill, start, wipe }
}
