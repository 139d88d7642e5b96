import { seedExperts } from '@/db/seed/expert'
import { seedExpertRules } from '@/db/seed/expert-rules'
import { seedHall } from '@/db/seed/hall'
import { seedHolidays } from '@/db/seed/holidays'
import { seedSpecialties } from '@/db/seed/specialties'
import { seedWorld } from '@/db/seed/world'
import type { Ctx } from '~/platform/ctx'
import type { Config } from '~/platform/env.server'
import { makeLogger, startPlatform, stopPlatform, systemCtx } from '~/platform/start.server'

/** One area's part of the believable world; running it again changes nothing. */
export type Seed = (ctx: Ctx) => Promise<void>

/** Working-day arrangements of the State Council that came with this release. */
const seedCalendar: Seed = ctx => seedHolidays(ctx.db)

export const seeds: Seed[] = [seedCalendar, seedWorld, seedHall, seedSpecialties, seedExpertRules, seedExperts]

/** Fills the database at `url` with code tables and, in the sandbox, the demo world. */
export async function seed(config: Config, url: string, list: Seed[] = seeds): Promise<void> {
  const platform = await startPlatform(config, url, makeLogger(config, 'seed'), 4)
  try {
    for (const part of list) await part(await systemCtx(platform, 'seed'))
    await platform.sequencer.flush()
  } finally {
    await stopPlatform(platform)
  }
}
