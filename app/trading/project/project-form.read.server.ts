import { readRegions, regionName } from '@/db/seed/code-lists'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { dayOf } from '~/shared/time'
import { editions } from '../rules/editions'

/** What may be chosen for a new project: editions in force that this environment accepts, regions within the actor's scope. */
export function readProjectForm(ctx: Ctx) {
  const { regionPrefix } = personOf(ctx)
  const inForce = editions.filter(
    e => e.effectiveFrom <= dayOf(ctx.now) && (e.anchors === 'production' || ctx.platform.config.isSandbox),
  )
  return {
    editions: inForce
      .sort((a, b) => Number(b.anchors === 'sandbox') - Number(a.anchors === 'sandbox'))
      .map(e => ({ value: e.id, text: e.name })),
    regions: readRegions()
      .filter(r => r.code.startsWith(regionPrefix))
      .map(r => ({ value: r.code, text: `${regionName(r.code)}（${r.code}）` })),
  }
}
