import { desc, eq, like } from 'drizzle-orm'
import { lot, project } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'

/** The lots of the supervisor's region, finished ones included, newest first; at most 200. */
export async function listSupervisedLots(ctx: Ctx) {
  return ctx.db
    .select({ id: lot.id, code: lot.code, name: lot.name, state: lot.state, projectName: project.name, createdAt: lot.createdAt })
    .from(lot)
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(like(lot.regionCode, `${personOf(ctx).regionPrefix}%`))
    .orderBy(desc(lot.createdAt))
    .limit(200)
}
