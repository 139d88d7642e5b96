import type { Ctx } from '../ctx'
import { readOrganisation } from '../organisation/organisation.read.server'
import { isAllowed, personOf } from './authorise.server'
import { type Permission, permissions } from './permission'
import { listMemberships } from './session.server'

const permissionNames = Object.keys(permissions) as Permission[]

/** Who is signed in: person, organisation, role, the other memberships to switch to, and what may be done. */
export async function readMe(ctx: Ctx) {
  const actor = personOf(ctx)
  const { id, name, creditCode, regionCode } = await readOrganisation(ctx, actor.organisationId)
  const memberships = await listMemberships(ctx, actor.personId)
  return {
    personId: actor.personId,
    name: actor.name,
    membershipId: actor.membershipId,
    organisationId: id,
    organisation: { id, name, creditCode, regionCode },
    role: actor.role,
    memberships: memberships.map(m => ({
      id: m.membershipId,
      organisationId: m.organisationId,
      organisationName: m.organisationName,
      role: m.role,
    })),
    permissions: permissionNames.filter(permission => isAllowed(actor, permission)),
    now: ctx.now,
  }
}
