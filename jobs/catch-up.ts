import type { Platform } from '~/platform/ctx'
import { systemCtx } from '~/platform/start.server'
import { makeOutagesGood } from '~/trading/opening/make-good.server'

/** Before a web process takes its first request: what the outage that ends with it took is given back, should no worker be there yet. */
export async function catchUp(platform: Platform): Promise<void> {
  await makeOutagesGood(await systemCtx(platform, 'web'))
}
