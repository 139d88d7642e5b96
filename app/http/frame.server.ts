import type { AppLoadContext } from '@remix-run/node'
import { roleText } from '~/platform/identity/identity.text'
import { isElder } from './preferences.server'

/** What the root page needs of each request, whichever page is asked for; its time is the database's. */
export async function frameOf(request: Request, context: AppLoadContext) {
  const { actor, now, requestId, platform } = await context.ctx()
  return {
    sandbox: platform.config.isSandbox,
    now: now.toISOString(),
    actor: actor.kind === 'person' ? { name: actor.name, roles: [roleText[actor.role]] } : null,
    elder: await isElder(request),
    usbKeyUrls: platform.config.usbKeyUrls,
    requestNumber: requestId,
  }
}
