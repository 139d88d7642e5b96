import pg from 'pg'
import type { Platform } from '~/platform/ctx'
import type { Envelope, OpenQueue } from './queue'
import { relay } from './relay'

/** Looked at least this often, whatever was announced. */
const lookMs = 1_000
/** What a queue that is away left is run here, so many at once. */
const byHandAtOnce = 8

/** Moves promises to the queue: at once when one is announced, else every second; while the queue is away it runs them itself. */
export function startPump(platform: Platform, queue: Pick<OpenQueue, 'add'>, run: (envelope: Envelope) => Promise<void>) {
  let stopped = false
  let isAsked = false
  let isFull = false
  let wake: (() => void) | undefined
  const runByHand = async (left: Envelope[]) => {
    const next = async () => {
      for (let one = left.shift(); one && !stopped; one = left.shift()) await run(one).catch(() => {})
    }
    await Promise.all(Array.from({ length: byHandAtOnce }, next))
  }
  const pump = async () => {
    const relayed = await relay(platform, queue)
    isFull = relayed.isFull
    await runByHand(relayed.left.slice(0, 2 * byHandAtOnce))
    if (relayed.left.length > 0) isAsked = true
  }
  const loop = async () => {
    while (!stopped) {
      isAsked = false
      await pump().catch((error: unknown) => platform.logger.warn({ err: error }, 'relay'))
      if (isAsked || stopped) continue
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, lookMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = loop()
  const nudge = () => {
    isAsked = true
    wake?.()
  }
  /** A job has ended: where the window was full there is room for the next. */
  const ended = () => {
    if (isFull) nudge()
  }
  const close = async () => {
    stopped = true
    wake?.()
    await running
  }
  return { nudge, ended, close }
}

/** Calls `heard` for every NOTIFY on these channels, and once whenever the connection (re)opens: what was missed is then looked at. */
export async function listen(url: string, channels: Record<string, () => void>): Promise<{ close(): Promise<void> }> {
  let client: pg.Client | undefined
  let closed = false
  const connect = async (): Promise<void> => {
    if (closed) return
    const own = new pg.Client(url)
    client = own
    own.on('error', () => {})
    own.on('end', () => again(own))
    own.on('notification', ({ channel }) => channels[channel]?.())
    await own.connect()
    for (const channel of Object.keys(channels)) await own.query(`listen ${own.escapeIdentifier(channel)}`)
    for (const heard of Object.values(channels)) heard()
  }
  // Every failure ends its connection, and each is followed by one attempt: two for each would fill the database with listeners while it is away.
  const again = (ended: pg.Client) => {
    if (closed || ended !== client) return
    client = undefined
    setTimeout(() => void connect().catch(() => {}), 500)
  }
  await connect()
  const close = async () => {
    closed = true
    await client?.end().catch(() => {})
  }
  return { close }
}
