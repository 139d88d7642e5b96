import { randomInt, randomUUID } from 'node:crypto'
import { membership, organisation, person, type Role } from '@/db/schema/platform/identity'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { creditCodeOf } from '~/shared/credit-code'

export const aCreditCode = () => creditCodeOf(`91350100${String(randomInt(1e9)).padStart(9, '0')}`)

type Wish = { name?: string; organisationId?: string; creditCode?: string; regionPrefix?: string; sector?: string }

/** A person with one membership, of a new organisation unless one is named. */
export async function anActor({ platform }: TestPlatform, role: Role, wish: Wish = {}): Promise<PersonActor> {
  const { db } = platform.database
  const now = new Date()
  const name = wish.name ?? `${role} 机构`
  const organisationId = wish.organisationId ?? randomUUID()
  if (!wish.organisationId) {
    const creditCode = wish.creditCode ?? aCreditCode()
    await db.insert(organisation).values({ id: organisationId, creditCode, name, regionCode: '350100', createdAt: now })
  }
  const [personId, membershipId] = [randomUUID(), randomUUID()]
  await db.insert(person).values({ id: personId, login: `u${randomUUID().slice(0, 8)}`, name: '张三', createdAt: now })
  const { regionPrefix = '', sector = '' } = wish
  await db.insert(membership).values({ id: membershipId, personId, organisationId, role, regionPrefix, sector, createdAt: now })
  return {
    kind: 'person',
    personId,
    name: '张三',
    membershipId,
    organisationId,
    organisationName: name,
    role,
    regionPrefix,
    sector,
  }
}
