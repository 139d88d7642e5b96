import { and, eq } from 'drizzle-orm'
import { membership, organisation } from '@/db/schema/platform/identity'
import { expert } from '@/db/schema/trading/expert'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { insertMembership, insertOrganisation, insertPerson } from '~/platform/organisation/organisation.server'
import { creditCodeOf } from '~/shared/credit-code'
import { refuseUnless } from '~/shared/refusal'
import type { Expert } from './expert.server'

/** The body that keeps the library; experts act through it, whoever employs them. */
const libraryCode = creditCodeOf('12350000MB0EXPERT')

async function libraryOrganisation(ctx: Ctx): Promise<string> {
  const [row] = await ctx.db.select({ id: organisation.id }).from(organisation).where(eq(organisation.creditCode, libraryCode))
  if (row) return row.id
  const name = '综合评标专家库'
  return insertOrganisation(ctx, {
    creditCode: libraryCode,
    name,
    regionCode: '350000',
    address: '',
    contact: '',
    phone: '',
    roles: ['expert'],
  })
}

export type ExpertAccount = { personId: string; organisationId: string; membershipId: string }

/** The expert's account, made when first needed. It carries the library number, never the name: a dump names nobody. */
export async function accountOf(ctx: Ctx, expertId: string): Promise<ExpertAccount> {
  const [row] = await ctx.db.select().from(expert).where(eq(expert.id, expertId)).for('update')
  refuseUnless(row, 'not-found')
  const organisationId = await libraryOrganisation(ctx)
  if (row.personId)
    return { personId: row.personId, organisationId, membershipId: await seatOf(ctx, row.personId, organisationId) }
  const login = `expert-${row.code.toLowerCase()}`
  const personId = await insertPerson(ctx, { login, name: `专家 ${row.code}`, phone: '', passwordHash: null })
  const membershipId = await insertMembership(ctx, { personId, organisationId, role: 'expert' })
  await ctx.db.update(expert).set({ personId }).where(eq(expert.id, expertId))
  return { personId, organisationId, membershipId }
}

async function seatOf(ctx: Ctx, personId: string, organisationId: string): Promise<string> {
  const own = and(eq(membership.personId, personId), eq(membership.organisationId, organisationId), eq(membership.role, 'expert'))
  const [row] = await ctx.db.select({ id: membership.id }).from(membership).where(own)
  return row ? row.id : insertMembership(ctx, { personId, organisationId, role: 'expert' })
}

/** The library's row of the expert who acts, locked for a change. Refuses not-found: an account that is no expert's has no record. */
export async function lockOwn(ctx: Ctx): Promise<Expert> {
  const [row] = await ctx.db
    .select()
    .from(expert)
    .where(eq(expert.personId, personOf(ctx).personId))
    .for('update')
  refuseUnless(row, 'not-found')
  return row
}

/** The library's row of the expert who acts, or null. */
export async function findOwn(ctx: Ctx): Promise<Expert | null> {
  const [row] = await ctx.db
    .select()
    .from(expert)
    .where(eq(expert.personId, personOf(ctx).personId))
  return row ?? null
}
