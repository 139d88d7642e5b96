import { createCookie } from '@remix-run/node'

const year = 365 * 86_400

/** 大字版: kept in the browser for a year, holds nothing personal. */
const sizeCookie = createCookie('size', { path: '/', sameSite: 'lax', httpOnly: true, maxAge: year })

/** Whether this browser asked for elder mode. */
export async function isElder(request: Request): Promise<boolean> {
  return (await sizeCookie.parse(request.headers.get('cookie'))) === 'elder'
}

/** The header that remembers the wanted text size. */
export const rememberSize = (size: 'elder' | 'standard'): Promise<string> => sizeCookie.serialize(size)

/** The page the person came from, if it is one of ours; else the home page. Never leads to another site. */
export function backTo(request: Request): string {
  const referer = request.headers.get('referer')
  if (!referer || !URL.canParse(referer)) return '/'
  const { host, pathname, search } = new URL(referer)
  return host === request.headers.get('host') && !pathname.startsWith('//') ? pathname + search : '/'
}
