import { and, eq, isNull, ne } from 'drizzle-orm'
import { membership, organisation, person, type Role, roles } from '@/db/schema/platform/identity'
import { isCreditCode } from '~/shared/credit-code'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'
import { personOf } from '../identity/authorise.server'
import { roleText } from '../identity/identity.text'
import { hashPassword } from '../identity/password.server'
import { countAttempt } from '../identity/rate.server'
import { rolesOffered } from './organisation'
import type { NewMember, NewOrganisation } from './organisation.form.server'

export interface Registered {
  organisationId: string
  personId: string
  memberships: { id: string; role: Role }[]
}

interface PersonRow {
  login: string
  name: string
  phone: string
  passwordHash: string | null
}

/**
 * Registers an organisation once by its 统一社会信用代码 (GB 32100—2015) with its administrator, who holds every role asked for.
 * Refuses credit-code-invalid, organisation-exists, account-exists, role-not-offered, too-many.
 */
export async function registerOrganisation(ctx: Ctx, input: NewOrganisation): Promise<Registered> {
  await countAttempt(ctx, `register ${ctx.address}`, 120, 600)
  const offered = rolesOffered(ctx.platform.config.isSandbox, roles)
  const refused = input.roles.find(role => !offered.includes(role))
  if (refused) throw new Refusal('role-not-offered', { role: roleText[refused], field: 'roles' })
  refuseUnless(isCreditCode(input.creditCode), 'credit-code-invalid', { code: input.creditCode, field: 'creditCode' })
  const passwordHash = await hashPassword(input.admin.password)
  return writeRegistration(ctx, { ...input, passwordHash })
}

const writeRegistration = command('organisation.register', async (ctx, input: NewOrganisation & { passwordHash: string }) => {
  const { admin, creditCode } = input
  const organisationId = await insertOrganisation(ctx, input)
  const personId = await insertPerson(ctx, { ...admin, passwordHash: input.passwordHash })
  const memberships = []
  for (const role of new Set(input.roles)) {
    memberships.push({ id: await insertMembership(ctx, { personId, organisationId, role, isAdmin: true }), role })
  }
  return {
    result: { organisationId, personId, memberships },
    entry: { facts: { organisation: organisationId, creditCode, roles: [...input.roles] } },
  }
})

/** The bare row; refuses organisation-exists. For registration and the seed of the demo world. */
export async function insertOrganisation(ctx: Ctx, input: Omit<NewOrganisation, 'admin'>): Promise<string> {
  const { creditCode, name, regionCode, address, contact, phone } = input
  const id = crypto.randomUUID()
  const row = { id, creditCode, name, regionCode, address, contact, phone, roles: [...new Set(input.roles)], createdAt: ctx.now }
  const made = await ctx.db.insert(organisation).values(row).onConflictDoNothing().returning({ id: organisation.id })
  refuseUnless(made.length === 1, 'organisation-exists', { code: creditCode, field: 'creditCode' })
  return id
}

/** The bare row; refuses account-exists. */
export async function insertPerson(ctx: Ctx, { login, name, phone, passwordHash }: PersonRow): Promise<string> {
  const id = crypto.randomUUID()
  const row = { id, login, name, phone, passwordHash, createdAt: ctx.now }
  const made = await ctx.db.insert(person).values(row).onConflictDoNothing().returning({ id: person.id })
  refuseUnless(made.length === 1, 'account-exists', { login, field: 'login' })
  return id
}

interface MembershipRow {
  personId: string
  organisationId: string
  role: Role
  isAdmin?: boolean
  regionPrefix?: string
  sector?: string
}

/** Makes a membership, or revives the one that ended. */
export async function insertMembership(ctx: Ctx, input: MembershipRow): Promise<string> {
  const { isAdmin = false, regionPrefix = '', sector = '' } = input
  const row = { ...input, isAdmin, regionPrefix, sector, id: crypto.randomUUID(), createdAt: ctx.now }
  const target = [membership.personId, membership.organisationId, membership.role]
  const [made] = await ctx.db
    .insert(membership)
    .values(row)
    .onConflictDoUpdate({ target, set: { endedAt: null, isAdmin, regionPrefix, sector } })
    .returning({ id: membership.id })
  return made!.id
}

/** The actor's own organisation, if the actor is one of its administrators (机构管理员); refuses not-allowed. */
async function ownOrganisation(ctx: Ctx) {
  const actor = personOf(ctx)
  const own = and(eq(membership.personId, actor.personId), eq(membership.organisationId, actor.organisationId))
  const [row] = await ctx.db
    .select({ id: organisation.id, roles: organisation.roles })
    .from(membership)
    .innerJoin(organisation, eq(organisation.id, membership.organisationId))
    .where(and(own, eq(membership.isAdmin, true), isNull(membership.endedAt)))
    .limit(1)
    .for('update', { of: organisation })
  if (!row) throw new Refusal('not-allowed', { permission: 'membership.manage' })
  return row
}

function refuseUnlessOffered(roles: readonly Role[], role: Role): void {
  refuseUnless(roles.includes(role), 'role-not-offered', { role: roleText[role], field: 'role' })
}

/** An administrator adds a member to the own organisation, in one of the organisation's roles. Refuses not-allowed, role-not-offered, account-exists. */
export async function addMember(ctx: Ctx, input: NewMember): Promise<{ personId: string; membershipId: string }> {
  const passwordHash = await hashPassword(input.password)
  return writeMember(ctx, { ...input, passwordHash })
}

const writeMember = command(
  'membership.manage',
  async (ctx, input: NewMember & { passwordHash: string }) => {
    const own = await ownOrganisation(ctx)
    refuseUnlessOffered(own.roles, input.role)
    const personId = await insertPerson(ctx, input)
    const { regionPrefix, sector } = personOf(ctx)
    const row = { personId, organisationId: own.id, role: input.role, isAdmin: input.isAdmin, regionPrefix, sector }
    const membershipId = await insertMembership(ctx, row)
    return {
      result: { personId, membershipId },
      entry: { facts: { membership: membershipId, role: input.role, admin: input.isAdmin } },
    }
  },
  'membership.add',
)

/** An administrator gives a member another of the organisation's roles. Refuses not-found for a person of another organisation. */
export const addMemberRole = command(
  'membership.manage',
  async (ctx, { personId, role }: { personId: string; role: Role }) => {
    const own = await ownOrganisation(ctx)
    refuseUnlessOffered(own.roles, role)
    const [known] = await ctx.db
      .select()
      .from(membership)
      .where(and(eq(membership.personId, personId), eq(membership.organisationId, own.id), isNull(membership.endedAt)))
      .limit(1)
    if (!known) throw new Refusal('not-found')
    const { regionPrefix, sector, isAdmin } = known
    const membershipId = await insertMembership(ctx, { personId, organisationId: own.id, role, isAdmin, regionPrefix, sector })
    return { result: { membershipId }, entry: { facts: { membership: membershipId, role } } }
  },
  'membership.add-role',
)

/** An administrator ends a membership of the own organisation: its sessions and tokens stop at once. Refuses last-admin. */
export const endMembership = command(
  'membership.manage',
  async (ctx, { membershipId }: { membershipId: string }) => {
    const own = await ownOrganisation(ctx)
    const alive = and(eq(membership.organisationId, own.id), isNull(membership.endedAt))
    const [row] = await ctx.db
      .select()
      .from(membership)
      .where(and(alive, eq(membership.id, membershipId)))
    if (!row) throw new Refusal('not-found')
    const others = await ctx.db
      .select({ id: membership.id })
      .from(membership)
      .where(and(alive, eq(membership.isAdmin, true), ne(membership.id, membershipId)))
    refuseUnless(!row.isAdmin || others.length > 0, 'last-admin')
    await ctx.db.update(membership).set({ endedAt: ctx.now }).where(eq(membership.id, membershipId))
    return { result: { membershipId }, entry: { facts: { membership: membershipId } } }
  },
  'membership.end',
)
