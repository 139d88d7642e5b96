import type { Express, Request, RequestHandler, Response } from 'express'
import { authorise } from '~/platform/identity/authorise.server'
import { problemOf, sendProblem } from './api/problem.server'
import type { RequestContext } from './context'

export const boardPath = '/admin/queue/board'

/** Its own files and styles, nothing from elsewhere; `base` is set by its page. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'none'"

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
}

/** The queue's board for the operator alone (queue.read), and only to look at: whatever is not a GET is refused. */
export function mountBoard(app: Express, board: RequestHandler, contextOf: (request: Request) => Promise<RequestContext>): void {
  const admit = async (request: Request) => {
    authorise((await contextOf(request)).actor, 'queue.read')
  }
  app.use(boardPath, (request: Request, response: Response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.status(405).end()
    admit(request)
      .then(() => {
        response.set(headers)
        board(request, response, next)
      })
      .catch((error: unknown) => sendProblem(response, problemOf(error, '')))
  })
}
