import type { ActionFunctionArgs } from '@remix-run/node'
import { sessionCookie } from './request.server'

type Where = Pick<ActionFunctionArgs, 'request' | 'context'>

/** Scripts never see the cookie, other sites never send it with a post, and over https it never travels in clear. */
function attributes({ request, context }: Where): string {
  const isHttps = new URL(context.platform.config.publicUrl ?? request.url).protocol === 'https:'
  return `Path=/; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`
}

/** The header that starts a session in this browser. */
export const sessionHeader = (where: Where, { token, expiresAt }: { token: string; expiresAt: Date }): string =>
  `${sessionCookie}=${token}; Expires=${expiresAt.toUTCString()}; ${attributes(where)}`

/** The header that makes this browser forget its session. */
export const endedSessionHeader = (where: Where): string => `${sessionCookie}=; Max-Age=0; ${attributes(where)}`
