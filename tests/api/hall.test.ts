import { afterAll, beforeAll, expect, test } from 'vitest'
import { aHall, applicant, demoActor, type Hall, pdf } from '@/tests/factories/hall'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { hallEndpoints } from '~/api/hall.server'

let site: TestPlatform
let api: TestApi
let hall: Hall

beforeAll(async () => {
  site = await testPlatform()
  hall = await aHall(site)
  api = await testApi(site, hallEndpoints)
})
afterAll(async () => {
  await api?.close()
  await site?.close()
})

const content = Buffer.from(pdf).toString('base64')
const application = () => ({
  itemId: hall.itemId,
  applicant,
  materials: [
    { code: 'M01', name: '申请表.pdf', content },
    { code: 'M02', name: '职称证书.pdf', content },
  ],
})

async function as(login: 'citizen' | 'clerk' | 'clerk2' | 'bidder1', method: string, path: string, body?: unknown) {
  return api.call(method, path, { actor: await demoActor(site, login), body })
}

test('the catalogue is open to everybody, cases are not', async () => {
  const items = await api.call('GET', '/hall/items')
  expect([items.status, items.body.items[0].promisedDays]).toEqual([200, 5])
  expect((await api.call('GET', '/hall/cases')).status).toBe(401)
  expect((await api.call('POST', '/hall/cases', { body: application() })).status).toBe(401)
})

test('a case runs from application to rating over the API', async () => {
  const made = await as('citizen', 'POST', '/hall/cases', application())
  expect(made.status).toBe(201)
  const path = `/hall/cases/${made.body.id}`
  expect((await as('clerk', 'GET', '/hall/cases')).body.cases[0]).toMatchObject({ id: made.body.id, light: 'green' })
  expect((await as('clerk', 'POST', `${path}/acceptance`, { decision: 'accept' })).body).toEqual({ state: 'accepted' })
  expect((await as('clerk', 'POST', `${path}/decision`, { approve: true })).body.code).toBe('same-person')
  expect((await as('clerk2', 'POST', `${path}/decision`, { approve: true })).body).toEqual({ state: 'approved' })
  expect((await as('citizen', 'POST', `${path}/rating`, { stars: 1, text: '慢' })).status).toBe(201)
  expect((await as('clerk', 'GET', '/hall/complaints')).body.complaints[0]).toMatchObject({
    kind: 'bad-rating',
    caseId: made.body.id,
  })
  const seen = (await as('citizen', 'GET', path)).body
  expect(seen).toMatchObject({ state: 'approved', number: made.body.number, rating: { stars: 1 } })
  const proof = await as('citizen', 'GET', `${path}/steps/${seen.steps[2].id}/proof`)
  expect(proof.body.payload.action).toBe('hall.case.approve')
})

test('an unknown field, a wrong kind of value and a missing reason are slips, and named', async () => {
  const extra = await as('citizen', 'POST', '/hall/cases', { ...application(), priority: 1 })
  expect([extra.status, extra.body.code]).toEqual([422, 'bad-input'])
  const phone = await as('citizen', 'POST', '/hall/cases', { ...application(), applicant: { ...applicant, phone: '12' } })
  expect(JSON.stringify(phone.body)).toContain('phone')
  const { body } = await as('citizen', 'POST', '/hall/cases', application())
  const path = `/hall/cases/${body.id}`
  const silent = await as('clerk', 'POST', `${path}/acceptance`, { decision: 'refuse' })
  expect([silent.status, JSON.stringify(silent.body)]).toEqual([422, expect.stringContaining('第三十八条')])
  expect((await as('clerk', 'POST', `${path}/acceptance`, { decision: 'maybe', text: 'x' })).status).toBe(422)
})

test('a stranger gets 404 for a case, and 403 for the desk’s acts', async () => {
  const { body } = await as('citizen', 'POST', '/hall/cases', application())
  expect((await as('bidder1', 'GET', `/hall/cases/${body.id}`)).status).toBe(404)
  expect((await as('citizen', 'POST', `/hall/cases/${body.id}/acceptance`, { decision: 'accept' })).status).toBe(403)
  expect((await as('clerk', 'POST', '/hall/cases', application())).status).toBe(403)
})
