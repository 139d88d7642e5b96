import type { Express, Request, Response } from 'express'
import { problemOf, sendProblem } from '~/http/api/problem.server'
import type { RequestContext } from '~/http/context'
import type { Streams } from '~/http/streams.server'
import type { Ctx } from '~/platform/ctx'
import { listEvents } from '~/trading/opening/event.server'
import type { HallEvent } from '~/trading/opening/hall'
import { readPublicOpening } from '~/trading/opening/read.server'

/** All watchers of one lot in this process share what was read: an event is fetched once, whoever watches. */
interface Room {
  events: HallEvent[]
  watchers: Set<() => void>
  refresh(): Promise<void>
  close(): void
}

const lineOf = (event: HallEvent) => `id: ${event.seq}\nevent: hall\ndata: ${JSON.stringify(event)}\n\n`

/** Reads what is new and wakes the watchers; a notice that arrives meanwhile makes it look once more. */
function openRoom(ctx: Ctx, streams: Streams, lotId: string): Room {
  let running: Promise<void> | undefined
  let isAsked = false
  const read = async () => {
    do {
      isAsked = false
      const fresh = await listEvents(ctx, lotId, room.events.at(-1)?.seq ?? 0)
      room.events.push(...fresh)
      for (const wake of fresh.length > 0 ? room.watchers : []) wake()
      isAsked ||= fresh.length >= 1_000
    } while (isAsked)
  }
  const refresh = () => {
    isAsked = true
    running ??= read()
      .catch((error: unknown) => ctx.platform.logger.warn({ err: error }, 'opening stream'))
      .finally(() => {
        running = undefined
      })
    return running
  }
  const close = streams.watch('opening', lotId, () => void refresh())
  const room: Room = { events: [], watchers: new Set(), refresh, close }
  return room
}

/** Where a watcher stopped: the seq of the last event it saw (Last-Event-ID, or ?after= for a first connection). */
function lastSeen(request: Request): number {
  const given = Number(request.get('last-event-id') ?? request.query.after ?? 0)
  return Number.isSafeInteger(given) && given >= 0 ? given : 0
}

/** Sends what this watcher has not seen, in order; waits while its line is full. */
function follow(room: Room, response: Response, from: number): () => void {
  let seq = from
  let isFull = false
  const send = () => {
    if (isFull || response.writableEnded) return
    const fresh = room.events.filter(event => event.seq > seq)
    if (fresh.length === 0) return
    seq = fresh.at(-1)!.seq
    if (response.write(fresh.map(lineOf).join(''))) return
    isFull = true
    response.once('drain', () => {
      isFull = false
      send()
    })
  }
  return send
}

/** The rooms of this process: one per lot that anybody watches. */
function makeRooms(streams: Streams) {
  const rooms = new Map<string, Room>()
  const enter = (ctx: Ctx, lotId: string): Room => {
    const room = rooms.get(lotId) ?? openRoom({ ...ctx, actor: { kind: 'system', name: 'opening-stream' } }, streams, lotId)
    rooms.set(lotId, room)
    return room
  }
  const leave = (lotId: string, room: Room, wake: () => void) => {
    room.watchers.delete(wake)
    if (room.watchers.size > 0 || rooms.get(lotId) !== room) return
    room.close()
    rooms.delete(lotId)
  }
  return { enter, leave }
}

/**
 * GET /api/v1/lots/:id/opening/events: the hall as an event stream. `hall` events carry the gap-free number of each event as
 * id, so a reader that comes back with Last-Event-ID goes on exactly where it stopped. `clock` comes first and tells the
 * server's time; before the deadline it is all there is.
 */
export function mountOpeningStream(
  app: Express,
  streams: Streams,
  contextOf: (request: Request) => Promise<RequestContext>,
): void {
  const { enter, leave } = makeRooms(streams)
  const open = async (request: Request, response: Response) => {
    const ctx = await (await contextOf(request)).ctx()
    const lotId = String(request.params.id)
    const { now, phase, biddingEndsAt } = await readPublicOpening(ctx, lotId)
    const room = enter(ctx, lotId)
    const wake = follow(room, response, lastSeen(request))
    room.watchers.add(wake)
    response.on('close', () => leave(lotId, room, wake))
    streams.open(response)
    response.write(`retry: 1000\nevent: clock\ndata: ${JSON.stringify({ now, phase, biddingEndsAt })}\n\n`)
    await room.refresh()
    wake()
  }
  app.get('/api/v1/lots/:id/opening/events', (request, response) => {
    open(request, response).catch((error: unknown) => sendProblem(response, problemOf(error, request.get('x-request-id') ?? '')))
  })
}
