import { type ClientActionFunctionArgs, type ClientLoaderFunctionArgs, useLocation, useRevalidator } from '@remix-run/react'
import { useCallback, useEffect, useRef } from 'react'
import type { FormReply } from '~/shared/form-reply'

/** What a page that goes on by itself last got from the server; it keeps showing that while the line is broken. */
let known: { path: string; data: object } | null = null

/** `isStale`: the server did not answer, and this is what it said before. */
export type LastKnown<T> = T & { isStale?: boolean }

const statusOf = (error: unknown) =>
  typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : null

/** No answer, half of one, or a server that is just starting; not a refusal, a redirect, or a request given up for a newer one. */
function isPassing(error: unknown): boolean {
  if (error instanceof DOMException && error.name === 'AbortError') return false
  const status = statusOf(error)
  return status === null || status >= 500
}

/** A page's data, or, where the server cannot be asked just now, what the page has. Throws refusals, and where it has nothing. */
export async function askOrKeep<L>({ request, serverLoader }: ClientLoaderFunctionArgs) {
  try {
    return (await serverLoader<L>()) as LastKnown<Awaited<ReturnType<typeof serverLoader<L>>>>
  } catch (error) {
    if (request.signal.aborted || known?.path !== new URL(request.url).pathname || !isPassing(error)) throw error
    return { ...known.data, isStale: true } as LastKnown<Awaited<ReturnType<typeof serverLoader<L>>>>
  }
}

const unanswered = '连接中断，没有收到平台的答复。恢复连接后请先核对此项是否已经办成，没有办成的再提交一次。'

/** What a form of the page leads to; where the server did not answer, that is said at the form and what was typed stays. */
export async function sendOrSay<A>({ request, serverAction }: ClientActionFunctionArgs) {
  const typed = await request.clone().formData()
  try {
    return await serverAction<A>()
  } catch (error) {
    if (!isPassing(error)) throw error
    const values = [...typed].filter(([name, value]) => typeof value === 'string' && !name.includes('assword'))
    return { problem: unanswered, fields: {}, values: Object.fromEntries(values) as Record<string, string> } satisfies FormReply
  }
}

/** Remembers what the page got, and asks again by itself while it has only that. */
export function useLastKnown(data: LastKnown<object>, ask: () => void): void {
  const { pathname } = useLocation()
  useEffect(() => {
    if (!data.isStale) {
      known = { path: pathname, data }
      return
    }
    const timer = setTimeout(ask, 1_000 + Math.random() * 2_000)
    return () => clearTimeout(timer)
  }, [data, pathname, ask])
}

/** Asks for the page's data again; while that is under way, once more after it, rather than giving up what is on its way. */
export function useAsk(): () => void {
  const { revalidate, state } = useRevalidator()
  const now = useRef({ isBusy: false, isWanted: false, revalidate })
  now.current.revalidate = revalidate
  const ask = useCallback(() => {
    if (now.current.isBusy) now.current.isWanted = true
    else now.current.revalidate()
  }, [])
  useEffect(() => {
    now.current.isBusy = state !== 'idle'
    if (now.current.isBusy || !now.current.isWanted) return
    now.current.isWanted = false
    ask()
  }, [state, ask])
  return ask
}
