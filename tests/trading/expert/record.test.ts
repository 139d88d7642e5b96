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
import { admitExperts } from '~/trading/expert/expert.server'
import { readExpert } from '~/trading/expert/library.read.server'
import { accountOf } from '~/trading/expert/library.server'

let t: TestPlatform
let api: TestApi
let keeper: PersonActor
let other: PersonActor

beforeAll(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  await seedExpertRules(await t.ctx())
  await admitExperts(
    await t.ctx(),
    Array.from({ length: 20 }, (_, at) => anExpert(at)),
  )
  keeper = await anActor(t, 'supervisor', { name: '专家库办公室' })
  other = await anActor(t, 'supervisor', { organisationId: keeper.organisationId })
})
afterAll(async () => {
  await api?.close()
  await t?.close()
})

const post = (path: string, actor: PersonActor, body?: unknown) => api.call('POST', path, { actor, body })
const rowOf = async (code: string) => (await t.platform.database.db.select().from(expert).where(eq(expert.code, code)))[0]!

/** Signs in as an expert of the library. */
async function actorOf(code: string): Promise<PersonActor> {
  const row = await rowOf(code)
  const ctx = await t.ctx()
  const account = await accountOf(ctx, row.id)
  const base = { kind: 'person' as const, name: `专家 ${code}`, organisationName: '', role: 'expert' as const }
  return { ...base, ...account, regionPrefix: '', sector: '' }
}

test('who is suspended appeals; whoever decided cannot decide the appeal; upheld, the expert is back', async () => {
  const self = await actorOf('E00002')
  await post('/experts/E00002/state', keeper, { event: 'suspend', reason: '连续三次缺席' })
  const { body } = await api.call('GET', '/my-expert-record', { actor: self })
  const event = body.events[0]
  expect(event).toMatchObject({ event: 'suspend', reason: '连续三次缺席' })
  const filed = await post(`/expert-events/${event.id}/appeal`, self, { text: '三次均已事先请假，有记录可查。' })
  const decision = { uphold: true, decision: '请假属实' }
  expect((await post(`/expert-appeals/${filed.body.id}/decision`, keeper, decision)).body.code).toBe('two-person-rule')
  expect((await post(`/expert-appeals/${filed.body.id}/decision`, other, decision)).body.state).toBe('upheld')
  expect((await rowOf('E00002')).state).toBe('active')
  const { decisions } = (await api.call('GET', '/expert-decisions')).body
  expect(decisions.map((one: { event: string }) => one.event)).toContain('suspend')
  expect(decisions.every((one: { name: string }) => /^.\*+$/.test(one.name))).toBe(true)
})

test('a look at who an expert is needs a purpose, and the expert reads of it', async () => {
  const self = await actorOf('E00003')
  expect((await post('/experts/E00003/looks', keeper, { purpose: '' })).status).toBe(422)
  const operator = await anActor(t, 'operator')
  expect((await post('/experts/E00003/looks', operator, { purpose: '核对重名' })).status).toBe(403)
  const seen = await post('/experts/E00003/looks', keeper, { purpose: '核对名单重名' })
  expect(seen.body.name).toBe('测试姓名3')
  const listed = JSON.stringify((await api.call('GET', '/experts/E00003', { actor: keeper })).body)
  expect(listed).not.toContain('测试姓名')
  const { looks } = (await api.call('GET', '/my-expert-record', { actor: self })).body
  expect(looks).toEqual([expect.objectContaining({ organisationName: '专家库办公室', purpose: '核对名单重名' })])
})

test('an expert keeps the own record: unit, ties, leave, days, contact; the commitment follows what it commits to', async () => {
  const self = await actorOf('E00004')
  const before = (await rowOf('E00004')).leaf
  const change = { organisationName: '新单位', creditCode: null, fromOn: '2026-01-05' }
  await api.call('PUT', '/my-expert-record/employer', { actor: self, body: change })
  const row = await rowOf('E00004')
  expect(row.employerName).toBe('新单位')
  expect(row.leaf).not.toBe(before)
  const tie = { organisationName: '亲属公司', creditCode: null, kind: 'relative', reason: '配偶任职' }
  expect((await post('/my-expert-record/ties', self, tie)).status).toBe(201)
  const leave = await post('/my-expert-record/leaves', self, {
    fromAt: '2030-01-01T00:00:00+08:00',
    untilAt: '2030-01-08T00:00:00+08:00',
    note: '出差',
  })
  expect(leave.status).toBe(201)
  const backwards = { fromAt: '2030-01-08T00:00:00Z', untilAt: '2030-01-01T00:00:00Z', note: '' }
  expect((await post('/my-expert-record/leaves', self, backwards)).body.facts.field).toBe('untilAt')
  const days = await api.call('PUT', '/my-expert-record/weekdays', { actor: self, body: { days: [1, 3] } })
  expect(days.body.weekdays).toBe(0b1010)
  const contact = { phone: '13612345678', bank: { name: '某银行', account: '6222000011112222' } }
  await api.call('PUT', '/my-expert-record/contact', { actor: self, body: contact })
  const { body } = await api.call('GET', '/my-expert-record', { actor: self })
  expect(body).toMatchObject({ person: contact, leaves: [{ note: '出差' }], avoid: [{ kind: 'relative' }] })
  expect(body.employments.map((one: { organisationName: string }) => one.organisationName).toSorted()).toEqual([
    '单位 4',
    '新单位',
  ])
  const stranger = await actorOf('E00005')
  expect((await api.call('DELETE', `/my-expert-record/leaves/${leave.body.id}`, { actor: stranger })).status).toBe(404)
  expect((await api.call('DELETE', `/my-expert-record/leaves/${leave.body.id}`, { actor: self })).status).toBe(200)
})

test('points add up within the months of the rule, and the hardest rule reached is proposed, not carried out', async () => {
  const { db } = t.platform.database
  const [rule] = await db.select().from(expertRule).where(eq(expertRule.code, 'absent'))
  const of = await rowOf('E00006')
  const now = (await t.ctx()).now
  const mark = (monthsAgo: number) => ({
    id: crypto.randomUUID(),
    expertId: of.id,
    lotId: crypto.randomUUID(),
    ruleId: rule!.id,
    points: 6,
    note: '缺席',
    byPerson: keeper.personId,
    byRole: 'supervisor',
    at: new Date(now.getTime() - monthsAgo * 30 * 86_400_000),
  })
  await db.insert(expertMark).values([mark(1), mark(14)])
  const due = async () => (await api.call('GET', '/experts-due', { actor: keeper })).body.due
  expect(await due()).toEqual([
    expect.objectContaining({ code: 'E00006', points: 6, rule: expect.objectContaining({ code: 'retrain' }) }),
  ])
  await db.insert(expertMark).values(mark(2))
  expect((await due())[0].rule).toMatchObject({ code: 'remove', act: 'remove' })
  expect((await rowOf('E00006')).state).toBe('active')
})

test('a rule is never changed: a newer version takes its place from its day on', async () => {
  const rule = {
    kind: 'cap',
    code: 'monthly',
    name: '每月评标次数',
    windowMonths: null,
    act: null,
    actMonths: null,
    isOff: false,
  }
  const source = '某省评标专家库管理办法第二十条'
  expect((await post('/expert-rules', keeper, { ...rule, value: 4, source, effectiveOn: '2099-01-01' })).body.version).toBe(2)
  const { rules } = (await api.call('GET', '/expert-rules')).body
  expect(
    rules
      .filter((one: { code: string }) => one.code === 'monthly')
      .map((one: { version: number; value: number }) => [one.version, one.value]),
  ).toEqual([
    [2, 4],
    [1, 8],
  ])
  const bad = await post('/expert-rules', keeper, { ...rule, kind: 'clearance', value: 4, source, effectiveOn: '2026-01-01' })
  expect(Object.keys(bad.body.fields)).toEqual(['act'])
  expect(
    (await post('/expert-rules', await anActor(t, 'agency'), { ...rule, value: 1, source, effectiveOn: '2026-01-01' })).status,
  ).toBe(403)
})

test('the library is searched by unit, specialty prefix, region prefix and state, a page at a time', async () => {
  const list = async (query: string) => (await api.call('GET', `/experts?${query}`, { actor: keeper })).body
  expect((await list('disc=A08')).total).toBe(10)
  expect((await list('region=3501')).total).toBe(20)
  expect((await list('employer=新单位')).rows.map((one: { code: string }) => one.code)).toEqual(['E00004'])
  expect((await list(`employer=${encodeURIComponent('%')}`)).total).toBe(0)
  expect((await api.call('GET', '/experts?disc=xx', { actor: keeper })).status).toBe(422)
})

// Last, because tokens do not live for forty days.
test('a suspension ends by itself when its time is over, and draws can count on the state', async () => {
  await post('/experts/E00001/state', keeper, { event: 'suspend', reason: '未按时参加培训', months: 1 })
  expect((await rowOf('E00001')).state).toBe('suspended')
  await t.pass(20 * 86_400_000)
  await t.tick()
  expect((await rowOf('E00001')).state).toBe('suspended')
  await t.pass(20 * 86_400_000)
  await t.tick()
  expect(await rowOf('E00001')).toMatchObject({ state: 'active', suspendedUntil: null })
  const { events } = await readExpert(await t.ctx(keeper), 'E00001')
  expect(events.map(one => one.event)).toEqual(['restore', 'suspend'])
})
