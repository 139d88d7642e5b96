import type { Role } from '@/db/schema/platform/identity'
import type { PersonActor } from '~/platform/ctx'
import { listMemberships } from '~/platform/identity/session.server'
import type { NewOrganisation } from '~/platform/organisation/organisation.form.server'
import { registerOrganisation } from '~/platform/organisation/organisation.server'
import { creditCodeOf } from '~/shared/credit-code'
import type { TestPlatform } from '../setup/platform'

let serial = 0

/** A credit code nobody has: an enterprise in 福州市鼓楼区. */
export function aCreditCode(): string {
  serial++
  return creditCodeOf(`91350102${String(process.pid % 1000).padStart(3, '0')}${String(serial).padStart(6, '0')}`)
}

/** A well-formed registration; what matters to a test is given. */
export function aRegistration(given: Partial<NewOrganisation> = {}): NewOrganisation {
  const creditCode = given.creditCode ?? aCreditCode()
  return {
    creditCode,
    name: `测试单位 ${creditCode.slice(-4)} 有限公司`,
    regionCode: '350102',
    address: '福州市鼓楼区测试路 1 号',
    contact: '测试员',
    phone: '0591-12345678',
    roles: ['bidder'],
    admin: { login: `u${creditCode.toLowerCase()}`, name: '测试员', phone: '13800000000', password: 'test-password' },
    ...given,
  }
}

export interface AnOrganisation {
  organisationId: string
  personId: string
  login: string
  actor: PersonActor
  /** The same person in another of the organisation's roles. */
  as(role: Role): PersonActor
}

/** An organisation that registered as people do, and its administrator in the first of the roles. */
export async function anOrganisation(
  test: TestPlatform,
  roles: Role | Role[] = 'bidder',
  given: Partial<NewOrganisation> = {},
): Promise<AnOrganisation> {
  const list = Array.isArray(roles) ? roles : [roles]
  const input = aRegistration({ ...given, roles: list })
  const ctx = await test.ctx({ kind: 'public' })
  const { organisationId, personId } = await registerOrganisation(ctx, input)
  const members = await listMemberships(ctx, personId)
  const as = (role: Role) => {
    const found = members.find(member => member.role === role)
    if (!found) throw new Error(`not registered as ${role}`)
    return found
  }
  return { organisationId, personId, login: input.admin.login, actor: as(list[0]!), as }
}
