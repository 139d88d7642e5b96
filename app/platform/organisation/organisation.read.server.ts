import { and, asc, eq, isNull } from 'drizzle-orm'
import { membership, organisation, person, roles } from '@/db/schema/platform/identity'
import { readRegions, regionName } from '@/db/seed/code-lists'
import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'
import { personOf } from '../identity/authorise.server'
import { roleText } from '../identity/identity.text'
import { rolesOffered } from './organisation'

export type Organisation = typeof organisation.$inferSelect

/** The organisation of this id, or refuses not-found. What it holds is not secret: it is on every notice. */
export async function readOrganisation(ctx: Ctx, id: string): Promise<Organisation> {
  const [row] = await ctx.db.select().from(organisation).where(eq(organisation.id, id))
  if (!row) throw new Refusal('not-found')
  return row
}

/** The organisation with this 统一社会信用代码, or null. */
export async function findOrganisation(ctx: Ctx, creditCode: string): Promise<Organisation | null> {
  const [row] = await ctx.db.select().from(organisation).where(eq(organisation.creditCode, creditCode))
  return row ?? null
}

const memberColumns = {
  membershipId: membership.id,
  personId: person.id,
  name: person.name,
  login: person.login,
  role: membership.role,
  isAdmin: membership.isAdmin,
  regionPrefix: membership.regionPrefix,
}

/** The members of the actor's own organisation, by name. */
export async function listMembers(ctx: Ctx) {
  const { organisationId } = personOf(ctx)
  return ctx.db
    .select(memberColumns)
    .from(membership)
    .innerJoin(person, eq(person.id, membership.personId))
    .where(and(eq(membership.organisationId, organisationId), isNull(membership.endedAt)))
    .orderBy(asc(person.name), asc(membership.createdAt))
}

/** One member of the actor's own organisation, or refuses not-found. */
export async function readMember(ctx: Ctx, membershipId: string) {
  const found = (await listMembers(ctx)).find(member => member.membershipId === membershipId)
  if (!found) throw new Refusal('not-found')
  return found
}

/** Whether the actor manages the own organisation's members and certificates. */
export async function isAdministrator(ctx: Ctx): Promise<boolean> {
  const { personId } = personOf(ctx)
  return (await listMembers(ctx)).some(member => member.personId === personId && member.isAdmin)
}

/** Administrative divisions (GB/T 2260) to choose from, each with its full name. */
export const regionChoices = (): { value: string; text: string }[] =>
  readRegions().map(({ code }) => ({ value: code, text: `${regionName(code)}（${code}）` }))

/** 福建省福州市 for 350100. */
export const nameOfRegion = (code: string): string => regionName(code)

/** Roles an organisation may register with here. */
export const roleChoices = (ctx: Ctx) =>
  rolesOffered(ctx.platform.config.isSandbox, roles).map(role => ({ value: role, text: roleText[role] }))
