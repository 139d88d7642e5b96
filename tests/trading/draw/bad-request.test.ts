import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedSpecialties } from '@/db/seed/specialties'
import { anActor } from '@/tests/factories/actor'
import { aLibrary, anExpert } from '@/tests/factories/draw'
import { aLot } from '@/tests/factories/lot'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import type { PersonActor } from '~/platform/ctx'
import { admitExperts, type NewExpert } from '~/trading/expert/expert.server'

let t: TestPlatform
let api: TestApi
let agency: PersonActor
let lotId: string

beforeAll(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  await seedSpecialties(await t.ctx())
  await aLibrary(t)
  agency = await anActor(t, 'agency')
  lotId = (await aLot(t, { state: 'bidding', agency })).lotId
})
afterAll(async () => {
  await api?.close()
  await t?.close()
})

const technical = { seat: '技术专家', disc: ['A08'], region: null, n: 3 }
const cost = { seat: '造价专家', disc: ['A06'], region: null, n: 2 }
const ask = (given: object) => {
  const evaluationAt = new Date(Date.now() + 3_600_000).toISOString()
  const body = {
    kind: 'committee',
    size: 5,
    seats: [technical, cost],
    avoid: [],
    evaluationAt,
    place: '评标室',
    hours: 2,
    ...given,
  }
  return api.call('POST', `/lots/${lotId}/draws`, { actor: agency, body })
}

test.each([
  ['an unknown specialty', { seats: [{ ...technical, disc: ['A0899'] }, cost] }, 'specialty-unknown', 'seats'],
  ['an unknown region', { seats: [{ ...technical, region: ['999999'] }, cost] }, 'region-unknown', 'seats'],
  ['two seats of one name', { seats: [technical, { ...cost, seat: '技术专家' }] }, 'bad-input', 'seats'],
  ['seats that do not make up the committee', { seats: [technical] }, 'bad-input', 'size'],
  ['an even committee', { size: 6, seats: [{ ...technical, n: 4 }, cost] }, 'committee-unlawful', 'size'],
  [
    'quotas nobody can meet together',
    { seats: [{ ...technical, disc: ['A08'], region: ['350200'] }, cost] },
    'draw-infeasible',
    'seats',
  ],
] as const)('a request with %s is refused by name and field', async (_what, given, code, field) => {
  const { status, body } = await ask(given)
  expect([status < 500, body.code, body.facts.field]).toEqual([true, code, field])
})

test.each([
  ['zero persons for a seat', { seats: [{ ...technical, n: 0 }, cost] }, 'seats.0.n'],
  ['no seats', { seats: [] }, 'seats'],
  ['a specialty that is no code', { seats: [{ ...technical, disc: ['桥梁'] }, cost] }, 'seats.0.disc.0'],
  ['a seat without a specialty', { seats: [{ ...technical, disc: [] }, cost] }, 'seats.0.disc'],
] as const)('a request with %s names the field', async (_what, given, field) => {
  const { status, body } = await ask(given)
  expect([status, body.code, Object.keys(body.fields)]).toEqual([422, 'bad-input', [field]])
})

test('an expert listed twice is refused with the whole list, whichever number he comes under', async () => {
  const twice = anExpert(7)
  const admitted = async (...people: NewExpert[]) => admitExperts(await t.ctx(), people)
  const again = { ...anExpert(200), code: 'E00202' }
  const twiceInOne = { code: 'expert-repeated', facts: { code: 'E00202', other: 'E00200' } }
  await expect(admitted(anExpert(200), anExpert(201), again)).rejects.toMatchObject(twiceInOne)
  await expect(admitted(anExpert(200), { ...anExpert(201), code: 'E00200' })).rejects.toMatchObject({ code: 'expert-repeated' })
  await expect(admitted(anExpert(200), { ...twice, code: 'E00201' })).rejects.toMatchObject({ code: 'expert-exists' })
  const page = await api.call('GET', '/experts?code=E00200', { actor: await anActor(t, 'supervisor') })
  expect(page.body.total).toBe(0)
})
