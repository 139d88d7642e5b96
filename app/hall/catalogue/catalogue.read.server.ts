import { and, asc, eq, ilike, isNull } from 'drizzle-orm'
import { serviceItem } from '@/db/schema/hall/catalogue'
import { organisation } from '@/db/schema/platform/identity'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'

const columns = {
  id: serviceItem.id,
  code: serviceItem.code,
  version: serviceItem.version,
  name: serviceItem.name,
  kind: serviceItem.kind,
  caseKind: serviceItem.caseKind,
  regionCode: serviceItem.regionCode,
  organisationName: organisation.name,
  legalDays: serviceItem.legalDays,
  promisedDays: serviceItem.promisedDays,
  materials: serviceItem.materials,
  guide: serviceItem.guide,
  publishedAt: serviceItem.publishedAt,
  withdrawnAt: serviceItem.withdrawnAt,
}

/** The items in force, by name; `q` looks in the name. */
export async function listItems(ctx: Ctx, q = '') {
  const named = q ? ilike(serviceItem.name, `%${q.replace(/[%_\\]/g, '\\$&')}%`) : undefined
  return ctx.db
    .select(columns)
    .from(serviceItem)
    .innerJoin(organisation, eq(organisation.id, serviceItem.organisationId))
    .where(and(isNull(serviceItem.withdrawnAt), named))
    .orderBy(asc(serviceItem.name))
    .limit(200)
}

/** One version of an item, in force or not: a case keeps the version it was handed in under. Refuses not-found. */
export async function readItem(ctx: Ctx, itemId: string) {
  const [row] = await ctx.db
    .select(columns)
    .from(serviceItem)
    .innerJoin(organisation, eq(organisation.id, serviceItem.organisationId))
    .where(eq(serviceItem.id, itemId))
  if (!row) throw new Refusal('not-found')
  return row
}

export type ItemView = Awaited<ReturnType<typeof readItem>>
