import {
  type ClientActionFunctionArgs,
  type ClientLoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
  useLocation,
  useNavigation,
  useRevalidator,
} from '@remix-run/react'
import { useEffect, useRef, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'

/** For the frames around pages: a page that only asks for its own news, or whose form was not accepted, does not ask for its frame. */
export function shouldRevalidate({
  currentUrl,
  nextUrl,
  formMethod,
  actionResult,
  ...rest
}: ShouldRevalidateFunctionArgs): boolean {
  const isOwnNews = formMethod === undefined && currentUrl.href === nextUrl.href
  const isRefused = typeof actionResult === 'object' && actionResult !== null && 'problem' in actionResult
  return isOwnNews || isRefused ? false : rest.defaultShouldRevalidate
}

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

const pathOf = ({ pathname, search }: { pathname: string; search: string }) => `${pathname}${search}`

/** A page's data, or, where the server cannot be asked just now, what the page has. Throws refusals, and where it has nothing. */
export async function askOrKeep<L>({ request, serverLoader }: ClientLoaderFunctionArgs) {
  try {
    return (await serverLoader<L>()) as LastKnown<Awaited<ReturnType<typeof serverLoader<L>>>>
  } catch (error) {
    if (request.signal.aborted || known?.path !== pathOf(new URL(request.url)) || !isPassing(error)) throw error
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
  const path = pathOf(useLocation())
  useEffect(() => {
    if (!data.isStale) {
      known = { path, data }
      return
    }
    const timer = setTimeout(ask, 1_000 + Math.random() * 2_000)
    return () => clearTimeout(timer)
  }, [data, path, ask])
}

/** When a page that wants news of itself may ask: never while an answer is on its way, which would be given up half read. */
export function oneAtATime(send: () => void) {
  let isBusy = false
  let isWanted = false
  const ask = () => {
    if (isBusy) isWanted = true
    else send()
  }
  const turn = (busy: boolean) => {
    isBusy = busy
    if (busy || !isWanted) return
    isWanted = false
    send()
  }
  return { ask, turn }
}

/** Asks for the page's data again; while an answer is on its way, be it to a form just sent, once more after it. */
export function useAsk(): () => void {
  const { revalidate, state } = useRevalidator()
  const navigation = useNavigation()
  const latest = useRef(revalidate)
  latest.current = revalidate
  const [{ ask, turn }] = useState(() => oneAtATime(() => latest.current()))
  const isBusy = state !== 'idle' || navigation.state !== 'idle'
  useEffect(() => turn(isBusy), [isBusy, turn])
  return ask
}
