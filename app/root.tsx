import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
  useRouteLoaderData,
} from '@remix-run/react'
import type { ReactNode } from 'react'
import { frameOf } from '~/http/frame.server'
import { ErrorPage } from '~/ui/ErrorPage'
import { Frame } from '~/ui/frame'
import { useNonce } from '~/ui/nonce'
import { SkipLink } from '~/ui/SkipLink'
import './tailwind.css'

export const links: LinksFunction = () => [{ rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }]

export const meta: MetaFunction = ({ error }) => [{ title: error ? '未能显示此页 - 公共资源交易平台' : '公共资源交易平台' }]

export { shouldRevalidate } from '~/ui/last-known'

export const loader = ({ request, context }: LoaderFunctionArgs) => frameOf(request, context)

const asleep = { sandbox: false, now: new Date(0).toISOString(), actor: null, elder: false, usbKeyUrls: [], requestNumber: null }

/** The one document every page, error pages included, stands in. */
export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce()
  const frame = useRouteLoaderData<typeof loader>('root') ?? asleep
  return (
    <html lang="zh-CN" data-theme="paper" data-size={frame.elder ? 'elder' : undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        <SkipLink />
        <Frame value={frame}>{children}</Frame>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function App() {
  return <Outlet />
}

export function ErrorBoundary() {
  const error = useRouteError()
  const frame = useRouteLoaderData<typeof loader>('root')
  if (isRouteErrorResponse(error)) {
    return (
      <ErrorPage
        status={error.status}
        text={sentenceOf(error.data)}
        requestNumber={error.status >= 500 ? frame?.requestNumber : null}
      />
    )
  }
  return <ErrorPage status={500} requestNumber={frame?.requestNumber} />
}

/** Refusals arrive with their sentence; the router's own 404 text is English and stays out. */
function sentenceOf(data: unknown): string | undefined {
  if (typeof data === 'string') return /[\u4e00-\u9fff]/.test(data) ? data : undefined
  if (typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string') return data.text
  return undefined
}
