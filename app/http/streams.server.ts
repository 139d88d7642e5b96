import type { Response } from 'express'
import pg from 'pg'
import type { Platform } from '~/platform/ctx'

/** Event streams of this process: one LISTEN connection, any number of watchers. */
export interface Streams {
  /** Calls `onNotify` for every NOTIFY on `channel` whose payload is `key` (ids only; NOTIFY carries at most 8 kB). Returns how to stop. */
  watch(channel: string, key: string, onNotify: () => void): () => void
  /** Opens a text/event-stream answer that ends when the client leaves or the process drains. */
  open(response: Response): void
  close(): void
}

const channels = ['opening', 'log_public', 'draw'] as const
const heartbeatMs = 15_000

export async function openStreams(platform: Platform): Promise<Streams> {
  const watchers = new Map<string, Set<() => void>>()
  const open = new Set<Response>()
  let closed = false
  let client: pg.Client | undefined
  const connect = async (): Promise<void> => {
    client = new pg.Client(platform.database.url)
    client.on('error', () => {})
    client.on('end', () => void (closed || setTimeout(() => void connect().catch(() => {}), 500)))
    client.on('notification', ({ channel, payload }) => {
      for (const call of watchers.get(`${channel} ${payload ?? ''}`) ?? []) call()
    })
    await client.connect()
    for (const channel of channels) await client.query(`listen ${channel}`)
    // What was announced while the connection was away must be looked at now.
    for (const set of watchers.values()) for (const call of set) call()
  }
  await connect()
  const beat = setInterval(() => {
    for (const response of open) if (!response.writableNeedDrain) response.write(': \n\n')
  }, heartbeatMs)
  return {
    watch: (channel, key, onNotify) => {
      const name = `${channel} ${key}`
      const set = watchers.get(name) ?? new Set()
      watchers.set(name, set.add(onNotify))
      return () => {
        set.delete(onNotify)
        if (set.size === 0) watchers.delete(name)
      }
    },
    open: response => {
      // Ended by closing the line, not chunked: one write is one piece on the wire, and the same bytes serve every watcher.
      response.useChunkedEncodingByDefault = false
      response.set({
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
        connection: 'close',
      })
      response.flushHeaders()
      open.add(response)
      response.on('close', () => open.delete(response))
    },
    close: () => {
      closed = true
      clearInterval(beat)
      for (const response of open) response.end()
      client?.end().catch(() => {})
    },
  }
}
