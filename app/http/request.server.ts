import { randomBytes, randomUUID } from 'node:crypto'
import type { Request } from 'express'
import type { Actor, Platform } from '~/platform/ctx'
import { actorOfSession, actorOfToken } from '~/platform/identity/session.server'
import { makeCtx } from '~/platform/start.server'
import type { RequestContext } from './context'

export const sessionCookie = 'sid'

/** The value of a cookie, or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=')
    if (key === name && value) return decodeURIComponent(value)
  }
  return null
}

/** Who is asking: an API token (Authorization: Bearer) or a session cookie, else the public. Refuses token-invalid. */
export async function requestContext(platform: Platform, request: Request): Promise<RequestContext> {
  const requestId = randomUUID()
  const address = request.socket.remoteAddress ?? ''
  const sessionToken = readCookie(request.headers.cookie, sessionCookie)
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const guest = { kind: 'public' } as const
  let actor: Actor = guest
  if (bearer || sessionToken) {
    const ctx = await makeCtx(platform, guest, { id: requestId, address })
    actor = bearer ? await actorOfToken(ctx, bearer) : await actorOfSession(ctx, sessionToken!)
  }
  const ctx = () => makeCtx(platform, actor, { id: requestId, address })
  return {
    platform,
    actor,
    requestId,
    address,
    nonce: randomBytes(16).toString('base64'),
    sessionToken: bearer ? null : sessionToken,
    ctx,
  }
}

/**
 * Whether a request that changes something comes from our own pages: cookies alone are not enough (CSRF).
 * API tokens are never sent by a browser on its own, so they need no such check.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers['sec-fetch-site']
  if (site) return site === 'same-origin' || site === 'none'
  const origin = request.headers.origin
  return !origin || (URL.canParse(origin) && new URL(origin).host === request.headers.host)
}
