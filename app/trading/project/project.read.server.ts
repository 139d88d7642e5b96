import { and, desc, eq, like, or, type SQL } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { lot, project } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'

export type ProjectRow = typeof project.$inferSelect
export type LotRow = typeof lot.$inferSelect

async function creditCodeOfActor(ctx: Ctx): Promise<string> {
  const [row] = await ctx.db
    .select({ code: organisation.creditCode })
    .from(organisation)
    .where(eq(organisation.id, personOf(ctx).organisationId))
  return row?.code ?? ''
}

/**
 * Refuses not-found unless the project is the actor's: run by its organisation, tendered for it, or in a supervisor's region.
 * An id is never confirmed to exist to anybody else.
 */
export async function mayReadProject(ctx: Ctx, row: ProjectRow): Promise<void> {
  if (ctx.actor.kind === 'system') return
  const actor = personOf(ctx)
  if (actor.role === 'supervisor') return inScope(ctx, row)
  const isOwn = row.agencyId === actor.organisationId || row.tendererCode === (await creditCodeOfActor(ctx))
  refuseUnless(isOwn, 'not-found')
}

/** The project, or refuses not-found. */
export async function readProjectRow(ctx: Ctx, id: string): Promise<ProjectRow> {
  const [row] = await ctx.db.select().from(project).where(eq(project.id, id))
  refuseUnless(row, 'not-found')
  await mayReadProject(ctx, row)
  return row
}

/** A project with its lots, oldest lot first. */
export async function readProject(ctx: Ctx, id: string): Promise<{ project: ProjectRow; lots: LotRow[] }> {
  const row = await readProjectRow(ctx, id)
  const lots = await ctx.db.select().from(lot).where(eq(lot.projectId, id)).orderBy(lot.code, lot.round)
  return { project: row, lots }
}

async function scopeOf(ctx: Ctx): Promise<SQL | undefined> {
  if (ctx.actor.kind === 'system') return undefined
  const actor = personOf(ctx)
  if (actor.role === 'supervisor') {
    const inRegion = like(project.regionCode, `${actor.regionPrefix}%`)
    return actor.sector ? and(inRegion, eq(project.sector, actor.sector)) : inRegion
  }
  return or(eq(project.agencyId, actor.organisationId), eq(project.tendererCode, await creditCodeOfActor(ctx)))
}

/** The actor's projects, newest first. */
export async function listProjects(ctx: Ctx, limit = 200): Promise<ProjectRow[]> {
  const scope = await scopeOf(ctx)
  return ctx.db.select().from(project).where(scope).orderBy(desc(project.createdAt)).limit(limit)
}

/** The lots of the actor's projects with their project, newest first: what a desk shows. */
export async function listLots(ctx: Ctx, limit = 200): Promise<{ lot: LotRow; project: ProjectRow }[]> {
  const scope = await scopeOf(ctx)
  return ctx.db
    .select({ lot, project })
    .from(lot)
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(scope)
    .orderBy(desc(lot.createdAt))
    .limit(limit)
}
