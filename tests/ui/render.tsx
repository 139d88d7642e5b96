import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server'
import { Frame, type FrameFacts } from '~/ui/frame'

export const frame: FrameFacts = { sandbox: false, now: '2026-12-01T01:30:00.000Z', actor: null, elder: false, usbKeyUrls: [] }

/** The HTML a component gives on the server, at an address. */
export async function html(
  element: ReactElement,
  { at = '/', facts = {} }: { at?: string; facts?: Partial<FrameFacts> } = {},
): Promise<string> {
  const routes = [{ path: '*', element: <Frame value={{ ...frame, ...facts }}>{element}</Frame> }]
  const handler = createStaticHandler(routes)
  const context = await handler.query(new Request(`http://localhost${at}`))
  if (context instanceof Response) throw new Error(`the page answered ${context.status}`)
  const router = createStaticRouter(handler.dataRoutes, context)
  return renderToStaticMarkup(<StaticRouterProvider router={router} context={context} hydrate={false} />)
}
