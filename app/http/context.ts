import type { Actor, Ctx, Platform } from '~/platform/ctx'

/** What the web process hands to Remix loaders and actions, and to the API. */
export interface RequestContext {
  platform: Platform
  actor: Actor
  requestId: string
  address: string
  /** CSP nonce of this response. */
  nonce: string
  sessionToken: string | null
  ctx(): Promise<Ctx>
}

declare module '@remix-run/node' {
  interface AppLoadContext extends RequestContext {}
  interface Future {
    v3_singleFetch: true
  }
}
