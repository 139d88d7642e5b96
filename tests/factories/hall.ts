import { eq } from 'drizzle-orm'
import { membership, person } from '@/db/schema/platform/identity'
import { seedHall } from '@/db/seed/hall'
import { seedHolidays } from '@/db/seed/holidays'
import { seedWorld } from '@/db/seed/world'
import type { TestPlatform } from '@/tests/setup/platform'
import { submitCase } from '~/hall/case/case.server'
import { answerCase } from '~/hall/case/handle-case.server'
import { listItems } from '~/hall/catalogue/catalogue.read.server'
import type { Ctx, PersonActor } from '~/platform/ctx'
import { listMemberships } from '~/platform/identity/session.server'

/** A small true PDF head; what follows is of no interest to the hall. */
export const pdf = new Uint8Array(Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n'))

export interface Hall {
  itemId: string
  /** Acts as a demo account of the hall, at the clock's present. */
  as(login: 'citizen' | 'clerk' | 'clerk2' | 'bidder1' | 'agency'): Promise<Ctx>
}

/** The demo world with its hall and its item. */
export async function aHall(test: TestPlatform): Promise<Hall> {
  const ctx = await test.ctx()
  await seedHolidays(ctx.db)
  await seedWorld(ctx)
  await seedHall(ctx)
  const [item] = await listItems(ctx)
  return { itemId: item!.id, as: async login => test.ctx(await demoActor(test, login)) }
}

/** A demo account as an actor. */
export async function demoActor(test: TestPlatform, login: string): Promise<PersonActor> {
  const ctx = await test.ctx()
  const [row] = await ctx.db.select({ id: person.id }).from(person).where(eq(person.login, login))
  const [actor] = await listMemberships(ctx, row!.id)
  return actor!
}

/** Narrows a demo account to a region. */
export async function limitRegion(test: TestPlatform, login: string, regionPrefix: string): Promise<void> {
  const ctx = await test.ctx()
  const [row] = await ctx.db.select({ id: person.id }).from(person).where(eq(person.login, login))
  await ctx.db.update(membership).set({ regionPrefix }).where(eq(membership.personId, row!.id))
}

export const applicant = { name: '李民', idNumber: '350102199001010011', phone: '13800000017' }
export const materials = [
  { code: 'M01', name: '申请表.pdf', content: pdf },
  { code: 'M02', name: '职称证书.pdf', content: pdf },
]

/** A case of the citizen's, in this state, made by the commands people use. */
export async function aCase(hall: Hall, state: 'submitted' | 'correcting' | 'accepted' = 'submitted'): Promise<string> {
  const { id: caseId } = await submitCase(await hall.as('citizen'), { itemId: hall.itemId, applicant, materials })
  if (state === 'accepted') await answerCase(await hall.as('clerk'), { caseId, decision: 'accept', text: '' })
  if (state === 'correcting')
    await answerCase(await hall.as('clerk'), { caseId, decision: 'correct', text: '申请表未签名，请签名后重交。' })
  return caseId
}
