import { watchTrust } from '~/platform/identity/trust-watch.server'
import type { Tick } from './ticks'

const everyMs = 5_000
let lastRun = Number.NEGATIVE_INFINITY

/** Looks every five seconds for CRLs that have come and for CAs whose CRL has run out. */
export const trustTick: Tick = {
  name: 'trust.watch',
  next: async ctx => (performance.now() - lastRun >= everyMs ? ctx.now : null),
  run: async ctx => {
    lastRun = performance.now()
    await watchTrust(ctx)
  },
}
