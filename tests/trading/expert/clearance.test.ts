import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expert } from '@/db/schema/trading/expert'
import { expertMark, expertRule } from '@/db/schema/trading/expert-assessment'
import { seedExpertRules } from '@/db/seed/expert-rules'
import { anActor } from '@/tests/factories/actor'
import { anExpert } from '@/tests/factories/draw'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import type { PersonActor } from '~/platform/ctx'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { admitExperts } from '~/trading/expert/expert.server'
import { accountOf } from '~/trading/expert/library.server'

let t: TestPlatform
let api: TestApi
let first: PersonActor
let second: PersonActor
let third: PersonActor

beforeAll(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  await seedExpertRules(await t.ctx())
  await admitExperts(
    await t.ctx(),
    Array.from({ length: 12 }, (_, at) => anExpert(at)),
  )
  first = await anActor(t, 'supervisor', { name: '专家库办公室' })
  second = await anActor(t, 'supervisor', { organisationId: first.organisationId })
  third = await anActor(t, 'supervisor', { organisationId: first.organisationId })
})
afterAll(async () => {
  await api?.close()
  await t?.close()
})

const post = (path: string, actor: PersonActor, body?: unknown) => api.call('POST', path, { actor, body })
const rowOf = async (code: string) => (await t.platform.database.db.select().from(expert).where(eq(expert.code, code)))[0]!
const hour = 3_600_000

/** Time passes; everybody signs in anew, since tokens do not live that long. */
async function pass(ms: number): Promise<void> {
  await t.pass(ms)
  await api.close()
  api = await testApi(t, endpoints)
}

async function actorOf(code: string): Promise<PersonActor> {
  const account = await accountOf(await t.ctx(), (await rowOf(code)).id)
  const base = { kind: 'person' as const, name: `专家 ${code}`, organisationName: '', role: 'expert' as const }
  return { ...base, ...account, regionPrefix: '', sector: '' }
}

async function textsTo(code: string): Promise<string[]> {
  await t.tick()
  return (await listSandboxMessages(await t.ctx())).map(one => one.text).filter(text => text.includes(`专家 ${code}：`))
}

/** A mark of so many points, now. */
async function mark(code: string, points: number): Promise<string> {
  const { db } = t.platform.database
  const [rule] = await db.select().from(expertRule).where(eq(expertRule.code, 'leaked'))
  const id = crypto.randomUUID()
  const { now } = await t.ctx()
  const of = { expertId: (await rowOf(code)).id, lotId: crypto.randomUUID(), ruleId: rule!.id }
  await db
    .insert(expertMark)
    .values({ id, ...of, points, note: '有记录', byPerson: first.personId, byRole: 'supervisor', at: now })
  return id
}

const dueOf = async (code: string) =>
  (await api.call('GET', '/experts-due', { actor: first })).body.due.find((one: { code: string }) => one.code === code)

async function proposed(code: string, basis: object, actor = first) {
  return post(`/experts/${code}/clearances`, actor, { basis, reason: '核实属实，予以处理' })
}
const decided = (id: string, actor: PersonActor, carryOut: boolean) =>
  post(`/expert-clearances/${id}/decision`, actor, { carryOut, decision: '事实清楚' })

test('points reached: proposed, told, heard, carried out by another person, appealed to a third, back', async () => {
  await mark('E00001', 12)
  const due = await dueOf('E00001')
  expect(due.rule.act).toBe('remove')
  const { status, body } = await proposed('E00001', { kind: 'rule', ruleId: due.rule.id })
  expect(status).toBe(201)
  expect((await rowOf('E00001')).state).toBe('active')
  const [notice] = await textsTo('E00001')
  expect(notice).toMatch(/拟对您作出“清退”的处理。累计记 12 分。.*陈述申辩/)
  expect((await proposed('E00001', { kind: 'other', act: 'remove' })).body.code).toBe('clearance-open')
  expect((await decided(body.id, first, true)).body.code).toBe('two-person-rule')
  expect((await decided(body.id, second, true)).body.code).toBe('clearance-not-due')
  const self = await actorOf('E00001')
  const stranger = await actorOf('E00002')
  const word = { text: '当时已经说明情况' }
  expect((await post(`/expert-clearances/${body.id}/statement`, stranger, word)).status).toBe(404)
  expect((await post(`/expert-clearances/${body.id}/statement`, self, word)).status).toBe(201)
  expect((await post(`/expert-clearances/${body.id}/statement`, self, word)).body.code).toBe('already-done')
  expect((await decided(body.id, second, true)).body.state).toBe('carried-out')
  expect((await rowOf('E00001')).state).toBe('removed')
  expect((await decided(body.id, third, true)).body.code).toBe('wrong-state')
  expect(await dueOf('E00001')).toBeUndefined()
  const record = (await api.call('GET', '/my-expert-record', { actor: self })).body
  expect(record.clearances[0]).toMatchObject({ state: 'carried-out', statement: word.text, decision: '事实清楚' })
  const filed = await post(`/expert-events/${record.events[0].id}/appeal`, self, { text: '该次扣分与事实不符，有记录可查。' })
  const uphold = { uphold: true, decision: '扣分不当' }
  for (const involved of [first, second])
    expect((await post(`/expert-appeals/${filed.body.id}/decision`, involved, uphold)).body.code).toBe('two-person-rule')
  expect((await post(`/expert-appeals/${filed.body.id}/decision`, third, uphold)).body.state).toBe('upheld')
  expect((await rowOf('E00001')).state).toBe('active')
})

test('without a word the time has to pass; a dropped proposal is told, and the same points are not judged twice', async () => {
  await mark('E00003', 8)
  const due = await dueOf('E00003')
  const { body } = await proposed('E00003', { kind: 'rule', ruleId: due.rule.id })
  await pass(71 * hour)
  expect((await decided(body.id, second, false)).body.code).toBe('clearance-not-due')
  await pass(2 * hour)
  expect((await decided(body.id, second, false)).body.state).toBe('dropped')
  expect((await textsTo('E00003')).at(-1)).toContain('决定不予处理')
  expect((await rowOf('E00003')).state).toBe('active')
  expect(await dueOf('E00003')).toBeUndefined()
  expect((await proposed('E00003', { kind: 'rule', ruleId: due.rule.id })).body.code).toBe('clearance-no-basis')
  await mark('E00003', 1)
  expect((await dueOf('E00003')).rule.act).toBe('suspend')
})

test('a suspension carried out ends by its rule’s months; a reminder changes no state but is told', async () => {
  const due = await dueOf('E00003')
  const suspended = await proposed('E00003', { kind: 'rule', ruleId: due.rule.id })
  await pass(73 * hour)
  await decided(suspended.body.id, second, true)
  const row = await rowOf('E00003')
  expect(row.state).toBe('suspended')
  const months = (row.suspendedUntil!.getTime() - (await t.ctx()).now.getTime()) / (30 * 24 * hour)
  expect(months).toBeGreaterThan(5.9)
  expect(months).toBeLessThan(6.2)
  const reminded = await proposed('E00004', { kind: 'other', act: 'remind' })
  await pass(73 * hour)
  expect((await decided(reminded.body.id, second, true)).body.state).toBe('carried-out')
  expect((await textsTo('E00004')).at(-1)).toContain('决定提醒谈话')
  expect((await rowOf('E00004')).state).toBe('active')
})

test('nobody removes or bans alone', async () => {
  for (const event of ['remove', 'ban'])
    expect((await post('/experts/E00005/state', first, { event, reason: '违规' })).status).toBe(422)
  const banned = await proposed('E00005', { kind: 'other', act: 'ban' })
  await pass(73 * hour)
  await decided(banned.body.id, second, true)
  expect((await rowOf('E00005')).state).toBe('blacklisted')
  expect((await proposed('E00005', { kind: 'other', act: 'remind' })).body.code).toBe('wrong-state')
})

test('a punishment on record is a ground for removal until it is undone, by another person', async () => {
  const given = { kind: 'administrative', authority: '某市住建局', document: '建罚〔2025〕7号', facts: '串通投标' }
  const noted = await post('/expert-penalties', first, { code: 'E00006', ...given, decidedOn: '2025-06-01' })
  expect(noted.status).toBe(201)
  const twice = await post('/expert-penalties', first, { code: 'E00006', ...given, decidedOn: '2025-06-01' })
  expect(twice.body.code).toBe('already-done')
  const later = await post('/expert-penalties', first, {
    code: 'E00006',
    ...given,
    document: '另一文号',
    decidedOn: '2099-01-01',
  })
  expect([later.body.code, later.body.facts.field]).toEqual(['bad-input', 'decidedOn'])
  const { punished } = (await api.call('GET', '/expert-clearances', { actor: first })).body
  expect(punished).toEqual([{ code: 'E00006' }])
  const basis = { kind: 'penalty', penaltyId: noted.body.id }
  expect((await proposed('E00007', basis)).body.code).toBe('clearance-no-basis')
  expect((await post(`/expert-penalties/${noted.body.id}/revocation`, first, { reason: '复议撤销' })).body.code).toBe(
    'two-person-rule',
  )
  expect((await post(`/expert-penalties/${noted.body.id}/revocation`, second, { reason: '复议撤销' })).status).toBe(200)
  expect((await proposed('E00006', basis)).body.code).toBe('clearance-no-basis')
})

test('a mark taken back counts no longer; whoever gave it cannot take it back', async () => {
  const id = await mark('E00008', 12)
  expect((await dueOf('E00008')).points).toBe(12)
  expect((await post(`/expert-marks/${id}/revocation`, first, { reason: '记错专家' })).body.code).toBe('two-person-rule')
  expect((await post(`/expert-marks/${id}/revocation`, second, { reason: '记错专家' })).status).toBe(200)
  expect((await post(`/expert-marks/${id}/revocation`, second, { reason: '记错专家' })).body.code).toBe('already-done')
  expect(await dueOf('E00008')).toBeUndefined()
})
