import { and, asc, eq, inArray, like, notInArray, type SQL, sql } from 'drizzle-orm'
import { bid } from '@/db/schema/trading/bid'
import { lot, lotCustodian, project } from '@/db/schema/trading/project'
import type { Ctx, PersonActor } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'

const over = ['awarded', 'archived', 'failed', 'terminated'] as const

/** Which lots concern this actor. Bids before opening leave no trace here: a bidder sees every lot that takes bids, and afterwards its own. */
function atHand(ctx: Ctx, actor: PersonActor): SQL | undefined {
  const { organisationId, role, regionPrefix } = actor
  if (role === 'agency' || role === 'tenderer') return eq(project.agencyId, organisationId)
  if (role === 'supervisor') return like(lot.regionCode, `${regionPrefix}%`)
  if (role === 'custodian') {
    const kept = ctx.db
      .select({ id: lotCustodian.lotId })
      .from(lotCustodian)
      .where(eq(lotCustodian.organisationId, organisationId))
    return inArray(lot.id, kept)
  }
  if (role === 'bidder') {
    const own = ctx.db.select({ id: bid.lotId }).from(bid).where(eq(bid.organisationId, organisationId))
    return sql`${lot.state} = 'bidding' or ${inArray(lot.id, own)}`
  }
  return sql`false`
}

/** The lots at hand of the signed-in role that are still under way, the one with the least time left first; at most 50. */
export async function listLotsAtHand(ctx: Ctx) {
  return ctx.db
    .select({
      id: lot.id,
      code: lot.code,
      name: lot.name,
      projectName: project.name,
      state: lot.state,
      biddingEndsAt: lot.biddingEndsAt,
      nextCheckAt: lot.nextCheckAt,
    })
    .from(lot)
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(and(notInArray(lot.state, [...over]), atHand(ctx, personOf(ctx))))
    .orderBy(sql`coalesce(${lot.nextCheckAt}, ${lot.biddingEndsAt}) asc nulls last`, asc(lot.code))
    .limit(50)
}

export type LotAtHand = Awaited<ReturnType<typeof listLotsAtHand>>[number]

/** What a desk opens on: who I am here, and the lots at hand. */
export async function readDesk(ctx: Ctx) {
  const { name, role, organisationName, organisationId } = personOf(ctx)
  return { name, role, organisationName, organisationId, lots: await listLotsAtHand(ctx) }
}

export type DeskRead = Awaited<ReturnType<typeof readDesk>>
