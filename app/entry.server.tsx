import {
  type ActionFunctionArgs,
  type AppLoadContext,
  createReadableStreamFromReadable,
  type EntryContext,
  type LoaderFunctionArgs,
} from '@remix-run/node'
import { isRouteErrorResponse, RemixServer } from '@remix-run/react'
import { isbot } from 'isbot'
import { renderToPipeableStream } from 'react-dom/server'
import { withoutNul } from '~/http/html-stream.server'
import { Nonce } from '~/ui/nonce'

export const streamTimeout = 10_000

/** Renders a page: at once for people, whole for robots and for browsers that cannot wait on scripts. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  const { nonce } = context
  const whenReady = isbot(request.headers.get('user-agent') ?? '') ? 'onAllReady' : 'onShellReady'
  const page = (
    <Nonce value={nonce}>
      <RemixServer context={remix} url={request.url} nonce={nonce} />
    </Nonce>
  )
  return new Promise((resolve, reject) => {
    let code = status
    const send = () => {
      const body = withoutNul()
      headers.set('content-type', 'text/html; charset=utf-8')
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: code }))
      pipe(body)
    }
    const onError = (error: unknown) => {
      code = 500
      context.platform.logger.error({ err: error, requestId: context.requestId }, 'page did not render')
    }
    const { pipe, abort } = renderToPipeableStream(page, { nonce, [whenReady]: send, onShellError: reject, onError })
    setTimeout(abort, streamTimeout + 1000).unref()
  })
}

/** Faults are logged whole under the number the page shows; refusals and unknown addresses are answers, not faults. */
export function handleError(error: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs): void {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return
  context.platform.logger.error({ err: error, requestId: context.requestId }, 'page fault')
}
