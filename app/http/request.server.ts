import { randomBytes, randomUUID } from 'node:crypto'
import type { Request } from 'express'
import type { Actor, Platform } from '~/platform/ctx'
import { actorOfSession } from '~/platform/identity/session.server'
import { actorOfToken } from '~/platform/identity/token-actor.server'
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
  const asked = { id: requestId, address }
  const guest = { kind: 'public' } as const
  const { actor, now }: { actor: Actor; now?: Date } = bearer
    ? await actorOfToken(platform, bearer)
    : { actor: sessionToken ? await actorOfSession(await makeCtx(platform, guest, asked), sessionToken) : guest }
  // The clock that was read with the token is the request's; whoever asks again later gets a later one.
  let read = now
  const ctx = () => {
    const known = read ? { now: read } : {}
    read = undefined
    return makeCtx(platform, actor, { ...asked, ...known })
  }
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
