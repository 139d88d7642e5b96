import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expert } from '@/db/schema/trading/expert'
import { seedExpertRules } from '@/db/seed/expert-rules'
import { seedSpecialties } from '@/db/seed/specialties'
import { aCreditCode, anActor } from '@/tests/factories/actor'
import { anApplication } from '@/tests/factories/expert'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import type { PersonActor } from '~/platform/ctx'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { admittedAccount } from '~/trading/expert/application.server'

let t: TestPlatform
let api: TestApi
const employerCode = aCreditCode()
let unit: PersonActor
let keepers: PersonActor[]
let serial = 1

beforeAll(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  await seedSpecialties(await t.ctx())
  await seedExpertRules(await t.ctx())
  unit = await anActor(t, 'bidder', { creditCode: employerCode })
  const first = await anActor(t, 'supervisor')
  keepers = [first, await anActor(t, 'supervisor', { organisationId: first.organisationId })]
})
afterAll(async () => {
  await api?.close()
  await t?.close()
})

const post = (path: string, actor: PersonActor, body?: unknown) => api.call('POST', path, { actor, body })
const stateOf = async (code: string) =>
  (await t.platform.database.db.select().from(expert).where(eq(expert.code, code)))[0]?.state

async function applied(given: Parameters<typeof anApplication>[1] = {}) {
  const applicant = await anActor(t, 'citizen')
  const input = anApplication(serial++, { employerCode, ...given })
  const { status, body } = await post('/expert-applications', applicant, input)
  expect([status, body.code]).toEqual([201, expect.stringMatching(/^S\d{6}$/)])
  return { applicant, input, id: body.id as string, code: body.code as string }
}

async function texts(phone: string): Promise<string[]> {
  await t.tick()
  const messages = await listSandboxMessages(await t.ctx())
  return messages.filter(one => one.to === phone).map(one => one.text)
}

test('an application goes from the person to the unit to the library, and whoever is admitted is told and has an account', async () => {
  const { applicant, input, id, code } = await applied()
  expect(await stateOf(code)).toBe('applying')
  const mine = await api.call('GET', '/expert-applications/mine', { actor: applicant })
  expect(mine.body).toMatchObject({ state: 'submitted', name: input.name })
  const waiting = (await api.call('GET', '/expert-applications/to-recommend', { actor: unit })).body.applications
  expect(waiting.map((one: { id: string }) => one.id)).toContain(id)
  expect((await post(`/expert-applications/${id}/decision`, keepers[0]!, { admit: true, reason: '符合条件' })).body.code).toBe(
    'wrong-state',
  )
  expect((await post(`/expert-applications/${id}/recommendation`, unit, { agree: true, text: '同意推荐' })).body.state).toBe(
    'recommended',
  )
  expect((await post(`/expert-applications/${id}/decision`, keepers[0]!, { admit: true, reason: '符合条件' })).body.state).toBe(
    'admitted',
  )
  expect(await stateOf(code)).toBe('active')
  expect(await texts(input.phone)).toEqual([expect.stringContaining(`专家 ${code}：同意入库`)])
  const account = await admittedAccount(await t.ctx(applicant))
  const [row] = await t.platform.database.db.select().from(expert).where(eq(expert.code, code))
  expect(row?.personId).toBe(account.personId)
  expect(account.personId).not.toBe(applicant.personId)
  await expect(admittedAccount(await t.ctx(await anActor(t, 'citizen')))).rejects.toMatchObject({ code: 'not-found' })
})

test('a dump names neither the applicant nor which account is which expert', async () => {
  const { applicant, input, id } = await applied({ name: '独一无二的姓名' })
  await post(`/expert-applications/${id}/recommendation`, unit, { agree: true, text: '同意' })
  await post(`/expert-applications/${id}/decision`, keepers[0]!, { admit: true, reason: '符合条件' })
  const { db } = t.platform.database
  const { rows: tables } = await db.execute<{ name: string }>(
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename ~ '^(expert|log_|notification|outbox|draw)'`,
  )
  expect(tables.length).toBeGreaterThan(10)
  for (const { name } of tables) {
    const { rows } = await db.execute<{ text: string }>(sql.raw(`select x::text as text from ${name} x`))
    const told = [input.name, input.idNumber, input.phone, applicant.personId]
    expect([name, rows.filter(row => told.some(text => row.text.includes(text)))]).toEqual([name, []])
  }
})

test('only the own unit is asked for its word, and nobody vouches for himself', async () => {
  const { id } = await applied()
  const stranger = await anActor(t, 'bidder')
  expect((await post(`/expert-applications/${id}/recommendation`, stranger, { agree: true, text: '同意' })).status).toBe(404)
  expect((await post(`/expert-applications/${id}/looks`, stranger)).status).toBe(404)
  const self = await anActor(t, 'bidder', { organisationId: unit.organisationId })
  const own = await post('/expert-applications', self, anApplication(serial++, { employerCode }))
  const word = await post(`/expert-applications/${own.body.id}/recommendation`, self, { agree: true, text: '同意' })
  expect(word.body.code).toBe('two-person-rule')
})

test('a letter on paper counts, but whoever noted it does not decide', async () => {
  const { id, code } = await applied()
  expect((await post(`/expert-applications/${id}/letter`, keepers[0]!, { letter: '闽建函〔2026〕7号' })).body.state).toBe(
    'recommended',
  )
  const decision = { admit: true, reason: '符合条件' }
  expect((await post(`/expert-applications/${id}/decision`, keepers[0]!, decision)).body.code).toBe('two-person-rule')
  expect((await post(`/expert-applications/${id}/decision`, keepers[1]!, decision)).body.state).toBe('admitted')
  expect(await stateOf(code)).toBe('active')
})

describe('an application is refused', () => {
  const ask = async (given: Record<string, unknown>) =>
    post('/expert-applications', await anActor(t, 'citizen'), { ...anApplication(serial++, { employerCode }), ...given })

  test('for seven years, for age, for a specialty the edition does not have, each by its field', async () => {
    const short = await ask({ yearsInField: 7 })
    expect([short.body.code, short.body.facts.field]).toEqual(['expert-unqualified', 'yearsInField'])
    expect(short.body.detail).toContain('第三十七条')
    const old = anApplication(serial++, { idNumber: '350102194001010019' }).idNumber
    expect((await ask({ idNumber: old })).body.code).toMatch(/bad-input|expert-unqualified/)
    const unknown = await ask({ disc: ['A0899'], mainDisc: 'A0899' })
    expect([unknown.body.code, unknown.body.facts.codes]).toEqual(['specialty-unknown', 'A0899'])
  })

  test('for four specialties, a main one not among them, a wrong identity number, a unit named twice', async () => {
    const fields = async (given: Record<string, unknown>) => Object.keys((await ask(given)).body.fields ?? {})
    expect(await fields({ disc: ['A0801', 'A0802', 'A0803', 'A0804'] })).toEqual(['disc'])
    expect(await fields({ mainDisc: 'A0805' })).toEqual(['mainDisc'])
    expect(await fields({ idNumber: '350102197001010011' })).toEqual(['idNumber'])
    const tie = { organisationName: '某公司', creditCode: null, kind: 'relative', reason: '配偶任职' }
    expect(await fields({ avoid: [tie, tie] })).toEqual(['avoid'])
    const job = { organisationName: '某公司', creditCode: null, fromOn: '2026-02-30', untilOn: null }
    expect(await fields({ employments: [job] })).toEqual(['employments.0.fromOn'])
  })

  test('for somebody already in the library, and a second one of the same account', async () => {
    const { applicant, input } = await applied()
    expect((await ask({ idNumber: input.idNumber })).body.code).toBe('expert-exists')
    expect((await post('/expert-applications', applicant, anApplication(serial++, { employerCode }))).body.code).toBe(
      'application-exists',
    )
  })
})

test('one who was refused appeals, somebody else upholds it, and the application is judged anew', async () => {
  const { applicant, id, code } = await applied()
  await post(`/expert-applications/${id}/recommendation`, unit, { agree: true, text: '同意' })
  await post(`/expert-applications/${id}/decision`, keepers[0]!, { admit: false, reason: '材料不足' })
  expect(await stateOf(code)).toBe('refused')
  const mine = (await api.call('GET', '/expert-applications/mine', { actor: applicant })).body
  const text = '职称证书已经提供，请复核材料。'
  const stranger = await anActor(t, 'citizen')
  expect((await post(`/expert-events/${mine.appealable}/appeal`, stranger, { text })).status).toBe(404)
  const appeal = await post(`/expert-events/${mine.appealable}/appeal`, applicant, { text })
  expect(appeal.status).toBe(201)
  expect((await post(`/expert-events/${mine.appealable}/appeal`, applicant, { text })).body.code).toBe('appeal-exists')
  const decision = { uphold: true, decision: '材料齐全，重新审核' }
  expect((await post(`/expert-appeals/${appeal.body.id}/decision`, keepers[0]!, decision)).body.code).toBe('two-person-rule')
  expect((await post(`/expert-appeals/${appeal.body.id}/decision`, keepers[1]!, decision)).body.state).toBe('upheld')
  expect(await stateOf(code)).toBe('applying')
  expect((await api.call('GET', '/expert-applications/mine', { actor: applicant })).body.state).toBe('submitted')
})

test('one who takes the application back may apply again under the same number', async () => {
  const { applicant, input, id, code } = await applied()
  expect((await post(`/expert-applications/${id}/withdrawal`, await anActor(t, 'citizen'))).status).toBe(404)
  expect((await post(`/expert-applications/${id}/withdrawal`, applicant)).body.state).toBe('withdrawn')
  const again = await post('/expert-applications', applicant, { ...input, title: '正高级工程师' })
  expect([again.status, again.body.code]).toEqual([201, code])
  expect(await stateOf(code)).toBe('applying')
})

test('whoever was punished in tendering is not admitted: neither on application, nor where it becomes known before the decision', async () => {
  const penalty = {
    kind: 'administrative',
    authority: '某市发改委',
    document: '发改罚〔2024〕3号',
    decidedOn: '2024-03-01',
    facts: '收受财物',
  }
  const { input, id } = await applied()
  await post(`/expert-applications/${id}/recommendation`, unit, { agree: true, text: '同意推荐' })
  expect((await post('/expert-penalties', keepers[0]!, { idNumber: input.idNumber, ...penalty })).status).toBe(201)
  const decision = await post(`/expert-applications/${id}/decision`, keepers[1]!, { admit: true, reason: '符合条件' })
  expect(decision.body).toMatchObject({ code: 'expert-punished', facts: { document: '某市发改委 发改罚〔2024〕3号' } })
  expect(decision.body.detail).toContain('第十二条')
  const known = anApplication(serial++, { employerCode })
  await post('/expert-penalties', keepers[0]!, { idNumber: known.idNumber, ...penalty })
  const refused = await post('/expert-applications', await anActor(t, 'citizen'), known)
  expect([refused.body.code, refused.body.facts.field]).toEqual(['expert-punished', 'idNumber'])
})
