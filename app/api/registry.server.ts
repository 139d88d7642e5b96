import type { AnyEndpoint } from '~/http/api/endpoint.server'
import { logEndpoints } from './log.server'
import { presenceEndpoints } from './sandbox-presence.server'

/** Every endpoint of /api/v1: what is not here does not exist. */
export const endpoints: AnyEndpoint[] = [...logEndpoints, ...presenceEndpoints]
