import type { Express, Request } from 'express'
import { problemOf, sendProblem } from '~/http/api/problem.server'
import type { RequestContext } from '~/http/context'
import { isSameOrigin } from '~/http/request.server'
import type { Streams } from '~/http/streams.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { mountUploads } from '~/trading/bid/tus.server'
import { mountCommits } from './bid.server'
import { mountDrawStream } from './draw-stream.server'
import { mountOpeningStream } from './opening-stream.server'

export type ContextOf = (request: Request) => Promise<RequestContext>

/** Faces that are not JSON requests: uploads (tus) and event streams. Mounted before anything that reads bodies. */
export function mountRaw(app: Express, platform: Platform, streams: Streams, contextOf: ContextOf): void {
  mountUploads(app, platform, {
    ctxOf: request => ctxOf(request, contextOf),
    answer: (error, _request, response) => sendProblem(response, problemOf(error, '')),
  })
  mountCommits(app, contextOf)
  mountOpeningStream(app, streams, platform)
  mountDrawStream(app, streams, contextOf)
}

/** Who is asking; a session counts only from our own pages. */
async function ctxOf(request: Request, contextOf: ContextOf): Promise<Ctx> {
  const context = await contextOf(request)
  if (context.sessionToken && !isSameOrigin(request)) throw new Refusal('csrf-failed')
  return context.ctx()
}
