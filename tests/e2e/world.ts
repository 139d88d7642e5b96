import { setTimeout as sleep } from 'node:timers/promises'
import { sessionCookie } from '~/http/request.server'
import type { PersonActor } from '~/platform/ctx'
import { startSession } from '~/platform/identity/session.server'
import { makeCtx, makeLogger, startPlatform, stopPlatform } from '~/platform/start.server'
import type { TestPlatform } from '../setup/platform'
import type { Story, Visitor } from './site'

/**
 * The story's own database and data folder as the builders of service tests know them, so that a story may begin where it is
 * interesting. The clock is the real one and the site's own worker does the work: what a test sets, a story waits for.
 */
export async function worldOf({ site }: Story): Promise<TestPlatform> {
  const platform = await startPlatform(site.config, site.databaseUrl, makeLogger(site.config, 'story'), 6)
  const ctx: TestPlatform['ctx'] = (actor = { kind: 'system', name: 'story' }) => makeCtx(platform, actor)
  return {
    platform,
    url: site.databaseUrl,
    ctx,
    at: async instant => void (await sleep(Math.max(0, new Date(instant).getTime() - (await ctx()).now.getTime()))),
    pass: async ms => void (await sleep(ms)),
    tick: () => sleep(1_000),
    close: () => stopPlatform(platform),
  }
}

/** A visitor's browser as this person, signed in without the page: how one signs in is another story. */
export async function signInAs({ platform, ctx }: TestPlatform, visitor: Visitor, who: PersonActor, url: string): Promise<void> {
  const { personId, membershipId } = who
  const { token } = await startSession(await ctx({ kind: 'public' }), { personId, membershipId })
  await visitor.context.addCookies([{ name: sessionCookie, value: token, url: platform.config.publicUrl ?? url }])
}
