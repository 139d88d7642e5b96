import { type Role, roles } from '@/db/schema/platform/identity'
import type { RequestContext } from '~/http/context'
import type { Actor, PersonActor } from '~/platform/ctx'
import { makeCtx } from '~/platform/start.server'
import { anActor } from '../factories/actor'
import type { TestPlatform } from '../setup/platform'

/** Somebody of each role, each of an organisation of its own in a region nobody else is in, and the public. */
export async function everybody(site: TestPlatform): Promise<{ name: Role | 'public'; actor: Actor }[]> {
  const people = []
  for (const role of roles) people.push({ name: role, actor: await anActor(site, role, { regionPrefix: '99' }) })
  return [{ name: 'public', actor: { kind: 'public' } }, ...people]
}

/** What a request of this actor brings along, as the web process would make it. */
export function contextFor(site: TestPlatform, actor: Actor): RequestContext {
  return {
    platform: site.platform,
    actor,
    requestId: crypto.randomUUID(),
    address: '',
    nonce: '',
    sessionToken: null,
    ctx: () => makeCtx(site.platform, actor),
  }
}

export const isPerson = (actor: Actor): actor is PersonActor => actor.kind === 'person'
