import type { Express, Request, Response } from 'express'
import { problemOf, sendProblem } from '~/http/api/problem.server'
import type { RequestContext } from '~/http/context'
import type { Streams } from '~/http/streams.server'
import { authorise } from '~/platform/identity/authorise.server'
import { readDrawRow } from '~/trading/draw/draw-store.server'

/** At most this often: four parties that reveal at once are one look. */
const pauseMs = 400

/**
 * GET /api/v1/draws/:id/events: says `draw` whenever something happened in a draw, without saying what: watchers look at the draw itself,
 * which anybody may. Opening the stream says it once, so that nothing falls between page and stream.
 */
export function mountDrawStream(app: Express, streams: Streams, contextOf: (request: Request) => Promise<RequestContext>): void {
  const open = async (request: Request, response: Response) => {
    const ctx = await (await contextOf(request)).ctx()
    authorise(ctx.actor, 'draw.read')
    const { id } = await readDrawRow(ctx, String(request.params.id))
    let timer: NodeJS.Timeout | undefined
    const say = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        if (!response.writableEnded) response.write('event: draw\ndata: {}\n\n')
      }, pauseMs)
    }
    const stop = streams.watch('draw', id, say)
    response.on('close', () => {
      stop()
      clearTimeout(timer)
    })
    streams.open(response)
    response.write('retry: 1000\nevent: draw\ndata: {}\n\n')
  }
  app.get('/api/v1/draws/:id/events', (request, response) => {
    open(request, response).catch((error: unknown) => sendProblem(response, problemOf(error, request.get('x-request-id') ?? '')))
  })
}
