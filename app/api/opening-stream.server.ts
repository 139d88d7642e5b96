import type { Express, Request, Response } from 'express'
import { problemOf, sendProblem } from '~/http/api/problem.server'
import { type Frame, makeRoom, type Room } from '~/http/fan-out.server'
import { streamLimits } from '~/http/stream-limits.server'
import type { Streams } from '~/http/streams.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { systemCtx } from '~/platform/start.server'
import { refuseUnless } from '~/shared/refusal'
import { listEvents } from '~/trading/opening/event.server'
import type { HallEvent } from '~/trading/opening/hall'
import { type HallHead, readHallHead } from '~/trading/opening/read.server'

interface HallRoom extends Room {
  /** Time, phase and deadline as the database says, not older than `headMs`. */
  head(): Promise<HallHead>
  close(): void
}

const headMs = 1_000
const sweepMs = 5_000
/** An empty room is kept for those who come right back. */
const lingerMs = 10_000

const frameOf = (event: HallEvent): Frame => ({
  seq: event.seq,
  bytes: Buffer.from(`id: ${event.seq}\nevent: hall\ndata: ${JSON.stringify(event)}\n\n`),
})

/** Where a watcher stopped: the seq of the last event it saw (Last-Event-ID, or ?after= for a first connection). */
function lastSeen(request: Request): number {
  const given = Number(request.get('last-event-id') ?? request.query.after ?? 0)
  return Number.isSafeInteger(given) && given >= 0 ? given : 0
}

/** What is told first. Two thousand watchers ask for the time in one second: it is read once and carried on by this process's own clock. */
function headReader(ctx: Ctx, lotId: string) {
  let known: { head: HallHead; at: number } | undefined
  let reading: Promise<HallHead> | undefined
  const read = async () => {
    const head = await readHallHead(ctx, lotId)
    known = { head, at: performance.now() }
    return head
  }
  return async (): Promise<HallHead> => {
    if (known && performance.now() - known.at < headMs)
      return { ...known.head, now: new Date(known.head.now.getTime() + (performance.now() - known.at)) }
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
}

/** A lot's room: filled once, then woken by NOTIFY. Refuses not-found before the lot is announced. */
async function openRoom(platform: Platform, streams: Streams, lotId: string): Promise<HallRoom> {
  const ctx = await systemCtx(platform, 'opening-stream')
  const head = headReader(ctx, lotId)
  await head()
  const room = makeRoom(async seq => {
    const events: HallEvent[] = []
    for (let page = await listEvents(ctx, lotId, seq); page.length > 0; page = await listEvents(ctx, lotId, events.at(-1)!.seq)) {
      events.push(...page)
      if (page.length < 1_000) break
    }
    return events.map(frameOf)
  })
  const refresh = () => room.refresh().catch((error: unknown) => platform.logger.warn({ err: error }, 'opening stream'))
  const close = streams.watch('opening', lotId, () => void refresh())
  await refresh()
  return { ...room, refresh, head, close }
}

interface Held {
  room: Promise<HallRoom>
  /** Watchers in it or on their way in. */
  holds: number
}

/** The rooms of this process: one per lot that anybody watches. */
function makeRooms(platform: Platform, streams: Streams) {
  const rooms = new Map<string, Held>()
  const closeEmpty = (lotId: string, held: Held) => {
    if (held.holds > 0 || rooms.get(lotId) !== held) return
    rooms.delete(lotId)
    held.room.then(
      room => room.close(),
      () => {},
    )
  }
  /** The lot's room, and how to leave it. */
  const enter = (lotId: string) => {
    const held = rooms.get(lotId) ?? { room: openRoom(platform, streams, lotId), holds: 0 }
    rooms.set(lotId, held)
    held.holds++
    const leave = () => {
      held.holds--
      setTimeout(closeEmpty, lingerMs, lotId, held).unref()
    }
    held.room.catch(() => rooms.delete(lotId))
    return { room: held.room, leave }
  }
  const sweep = setInterval(() => {
    for (const { room } of rooms.values())
      room.then(
        one => one.sweep(Date.now()),
        () => {},
      )
  }, sweepMs)
  sweep.unref()
  return enter
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * GET /api/v1/lots/:id/opening/events: the hall as an event stream. `hall` events carry the gap-free number of each event as
 * id, so a reader that comes back with Last-Event-ID goes on exactly where it stopped. `clock` comes first and tells the
 * server's time; before the deadline it is all there is. Open to everybody and the same for everybody (crypto.md §10.12).
 */
export function mountOpeningStream(app: Express, streams: Streams, platform: Platform): void {
  const enter = makeRooms(platform, streams)
  const admit = streamLimits()
  const open = async (request: Request, response: Response) => {
    admit(request, response)
    const lotId = String(request.params.id)
    refuseUnless(uuid.test(lotId), 'not-found')
    const { room: entered, leave } = enter(lotId)
    response.once('close', leave)
    const room = await entered
    const head = await room.head()
    if (response.destroyed) return
    streams.open(response)
    // Everybody comes back at a slightly different moment.
    const retry = 800 + Math.floor(Math.random() * 1_200)
    response.write(`retry: ${retry}\nevent: clock\ndata: ${JSON.stringify(head)}\n\n`)
    room.join(response, lastSeen(request))
  }
  app.get('/api/v1/lots/:id/opening/events', (request, response) => {
    open(request, response).catch((error: unknown) => sendProblem(response, problemOf(error, request.get('x-request-id') ?? '')))
  })
}
