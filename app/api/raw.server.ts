import type { Express, Request } from 'express'
import type { RequestContext } from '~/http/context'
import type { Streams } from '~/http/streams.server'
import type { Platform } from '~/platform/ctx'

export type ContextOf = (request: Request) => Promise<RequestContext>

/** Faces that are not JSON requests: uploads (tus) and event streams. Mounted before anything that reads bodies. */
export function mountRaw(_app: Express, _platform: Platform, _streams: Streams, _contextOf: ContextOf): void {}
