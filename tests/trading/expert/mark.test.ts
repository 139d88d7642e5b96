import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { expert } from '@/db/schema/trading/expert'
import { seedExpertRules } from '@/db/seed/expert-rules'
import { anActor } from '@/tests/factories/actor'
import { anExpert } from '@/tests/factories/draw'
import { type AnEvaluation, anEvaluation, finishEvaluation } from '@/tests/factories/evaluation'
import { aWitness } from '@/tests/factories/tender'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import type { PersonActor } from '~/platform/ctx'
import { admitExperts } from '~/trading/expert/expert.server'
import { readMarkPage } from '~/trading/expert/mark.server'

// A lot is really sealed, opened and evaluated: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 })

let t: TestPlatform
let api: TestApi
let evaluation: AnEvaluation
let agency: PersonActor
let keeper: PersonActor

beforeAll(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  await seedExpertRules(await t.ctx())
  evaluation = await anEvaluation(t, await aWitness(t))
  agency = evaluation.tender.agency
  keeper = await anActor(t, 'supervisor')
}, 120_000)
afterAll(async () => {
  await api?.close()
  await t?.close()
})

const marked = (code: string, actor: PersonActor, body: object) =>
  api.call('POST', `/lots/${evaluation.lotId}/experts/${code}/marks`, { actor, body })
const late = { rule: 'late', note: '迟到四十分钟' }

test('nobody is assessed before the result: until then nobody may know who sits', async () => {
  const [member] = evaluation.members
  expect((await marked(member!.code, agency, late)).body.code).toBe('wrong-state')
  expect((await readMarkPage(await t.ctx(agency), evaluation.lotId)).members).toEqual([])
})

test('after the result the project’s agency and a supervisor of its region assess whoever sat, once per rule and person', async () => {
  await finishEvaluation(t, evaluation)
  const code = evaluation.members[0]!.code
  const page = await readMarkPage(await t.ctx(agency), evaluation.lotId)
  expect(page.members.map(one => one.code).toSorted()).toEqual(evaluation.members.map(one => one.code).toSorted())
  const one = await marked(code, agency, late)
  expect([one.status, one.body.points]).toEqual([201, 2])
  expect((await marked(code, agency, late)).body.code).toBe('already-done')
  expect((await marked(code, keeper, { ...late, rule: 'phone' })).body.points).toBe(6)
  expect((await api.call('GET', `/experts/${code}`, { actor: keeper })).body).toMatchObject({
    marks: [
      { rule: '违规使用通讯工具', points: 6, byRole: 'supervisor' },
      { rule: '迟到', points: 2, byRole: 'agency' },
    ],
    due: [{ points: 8, rule: { act: 'suspend' } }],
  })
})

test('refused: another agency, a supervisor elsewhere, an unknown rule, facts left out, somebody who did not sit', async () => {
  const code = evaluation.members[0]!.code
  expect((await marked(code, await anActor(t, 'agency'), late)).status).toBe(404)
  expect((await marked(code, await anActor(t, 'supervisor', { regionPrefix: '44' }), late)).status).toBe(404)
  const unknown = await marked(code, agency, { ...late, rule: 'no-such-rule' })
  expect([unknown.body.code, unknown.body.facts.field]).toEqual(['bad-input', 'rule'])
  expect(Object.keys((await marked(code, agency, { ...late, note: '' })).body.fields)).toEqual(['note'])
  await admitExperts(await t.ctx(), [anExpert(1)])
  expect((await marked('E00001', agency, late)).status).toBe(404)
})

test('training is noted once per course and day, shown in the record, and refused with the field that is wrong', async () => {
  const [row] = await t.platform.database.db.select().from(expert).where(eq(expert.code, 'E00001'))
  const course = { name: '电子评标操作培训', onDay: '2026-03-02', hours: 6, passed: true }
  const note = (body: object, actor = keeper) => api.call('POST', `/experts/${row!.code}/trainings`, { actor, body })
  expect((await note(course)).status).toBe(201)
  expect((await note(course)).body.code).toBe('already-done')
  expect((await note({ ...course, onDay: '2026-03-03' })).status).toBe(201)
  expect(Object.keys((await note({ ...course, onDay: '2026-02-30', hours: 0 })).body.fields).toSorted()).toEqual([
    'hours',
    'onDay',
  ])
  expect((await note(course, agency)).status).toBe(403)
  const { trainings } = (await api.call('GET', '/experts/E00001', { actor: keeper })).body
  expect(trainings.map((one: { onDay: string }) => one.onDay)).toEqual(['2026-03-03', '2026-03-02'])
})
