import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lot } from '@/db/schema/trading/project'
import { seedHolidays } from '@/db/seed/holidays'
import { anActor } from '@/tests/factories/actor'
import { aPdf, lotJson, projectInput } from '@/tests/factories/lot'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { lotEndpoints } from '~/api/lot.server'
import { noticeEndpoints } from '~/api/notice.server'
import { portalEndpoints } from '~/api/portal.server'
import { projectEndpoints } from '~/api/project.server'
import type { PersonActor } from '~/platform/ctx'

let t: TestPlatform
let api: TestApi
let agency: PersonActor

beforeAll(async () => {
  t = await testPlatform()
  await seedHolidays(t.platform.database.db)
  api = await testApi(t, [...projectEndpoints, ...lotEndpoints, ...noticeEndpoints, ...portalEndpoints])
  agency = await anActor(t, 'agency', { name: '安信招标代理有限公司' })
})
afterAll(async () => {
  await api.close()
  await t.close()
})

const inSeconds = (seconds: number) =>
  `${new Date(Math.ceil(Date.now() / 1000) * 1000 + seconds * 1000).toISOString().slice(0, 19)}Z`

async function aLotByApi(): Promise<string> {
  const project = await api.call('POST', '/projects', { actor: agency, body: projectInput() })
  expect(project.status).toBe(201)
  const made = await api.call('POST', `/projects/${project.body.id}/lots`, { actor: agency, body: lotJson() })
  expect(made.status).toBe(201)
  return made.body.id
}

const upload = (lotId: string, body: Uint8Array, headers: Record<string, string> = {}, query = 'title=%E6%8B%9B%E6%A0%87') =>
  api.call('POST', `/lots/${lotId}/documents?${query}`, {
    actor: agency,
    body,
    headers: { 'content-type': 'application/pdf', 'x-file-name': encodeURIComponent('招标文件（定稿）.pdf'), ...headers },
  })

test('the rules are public: kinds, methods, editions with articles', async () => {
  const { status, body } = await api.call('GET', '/rules')
  expect(status).toBe(200)
  expect(body.kinds).toContainEqual({ code: 'works', text: '工程建设' })
  const works = body.editions.find((e: { id: string }) => e.id === 'works.open-tender@2026.1')
  expect(works.limits.find((l: { id: string }) => l.id === 'TE-03')).toMatchObject({
    value: 20,
    unit: 'CAL',
    article: '《招标投标法》第二十四条',
  })
})

test('anybody may have dates judged, prequalification included', async () => {
  const dates = { prequalificationTo: '2026-11-04T17:00:00+08:00', applicationEndsAt: '2026-11-06T17:00:00+08:00' }
  const { body } = await api.call('POST', '/rules/check', { body: { edition: 'works.open-tender@2026.1', dates } })
  expect(body.violations.map((v: { id: string }) => v.id)).toContain('TE-02')
  const unknown = await api.call('POST', '/rules/check', {
    body: { edition: 'works.open-tender@2026.1', dates: { lunch: '2026-11-04T17:00:00+08:00' } },
  })
  expect(unknown.status).toBe(422)
})

test('from project to portal in JSON', async () => {
  const lotId = await aLotByApi()
  const file = await upload(lotId, aPdf())
  expect([file.status, file.body.version]).toEqual([201, 1])
  expect((await api.call('GET', `/files/${file.body.fileId}`)).status).toBe(404)
  await t.platform.database.db.update(lot).set({ state: 'ready' }).where(eq(lot.id, lotId))
  const notice = { title: '招标公告', body: '公开招标', biddingEndsAt: inSeconds(60) }
  const published = await api.call('POST', `/lots/${lotId}/notice`, { actor: agency, body: notice })
  expect([published.status, published.body.version]).toEqual([201, 1])
  const list = await api.call('GET', '/notices?q=%E5%85%AC%E5%BC%80%E6%8B%9B%E6%A0%87')
  expect(list.body.items[0]).toMatchObject({ id: published.body.id, lotId, isDrill: true })
  const shown = await api.call('GET', `/public/lots/${lotId}`)
  expect(shown.body).toMatchObject({ state: 'bidding', ceilingFen: '1200000000', documents: [{ fileId: file.body.fileId }] })
  expect(JSON.stringify(shown.body)).not.toContain(agency.organisationId)
})

test('the public downloads a document whole or by ranges, with its Chinese name', async () => {
  const lotId = await aLotByApi()
  const file = await upload(lotId, aPdf('range me'))
  await t.platform.database.db.update(lot).set({ state: 'ready' }).where(eq(lot.id, lotId))
  const notice = { title: '招标公告', body: '公开招标', biddingEndsAt: inSeconds(60) }
  await api.call('POST', `/lots/${lotId}/notice`, { actor: agency, body: notice })
  const whole = await api.call('GET', `/files/${file.body.fileId}`)
  expect(whole.body).toContain('range me')
  expect(whole.headers.get('content-disposition')).toContain(encodeURIComponent('招标文件（定稿）.pdf'))
  const part = await api.call('GET', `/files/${file.body.fileId}`, { headers: { range: 'bytes=0-4' } })
  expect([part.status, part.body]).toEqual([206, '%PDF-'])
})

const code = (answer: { status: number; body: { code?: string } }) => [answer.status, answer.body.code]

test('bad uploads are refused with their reason', async () => {
  const lotId = await aLotByApi()
  expect(code(await upload(lotId, new Uint8Array()))).toEqual([409, 'file-empty'])
  expect(code(await upload(lotId, aPdf(), { 'content-type': 'video/mp4' }))).toEqual([409, 'file-type-refused'])
  expect(code(await upload(lotId, new TextEncoder().encode('MZ')))).toEqual([409, 'file-type-refused'])
  expect(code(await upload(lotId, aPdf(), { 'x-file-name': '%E4%B8' }))).toEqual([422, 'bad-input'])
  expect(code(await upload(lotId, aPdf(), {}, 'kind=document'))).toEqual([422, 'bad-input'])
})

test('an upload announced as 2 GB is refused before it is sent', async () => {
  const lotId = await aLotByApi()
  const { request } = await import('node:http')
  const { issueToken } = await import('~/platform/identity/token.server')
  const { token } = await issueToken(await t.ctx(agency), { label: 'big', scopes: [], days: 1 })
  const status = await new Promise<number>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/pdf',
      'x-file-name': 'big.pdf',
      'content-length': String(2 * 1024 ** 3),
    }
    const sent = request(`${api.url}/lots/${lotId}/documents?title=big`, { method: 'POST', headers }, answer => {
      resolve(answer.statusCode ?? 0)
      sent.destroy()
    })
    sent.on('error', reject)
    sent.write('%PDF-1.7')
  })
  expect(status).toBe(413)
})

test('unknown fields, wrong dates and strangers are refused', async () => {
  const lotId = await aLotByApi()
  const extra = await api.call('POST', '/projects', { actor: agency, body: { ...projectInput(), price: 1 } })
  expect(code(extra)).toEqual([422, 'bad-input'])
  const noZone = { title: 'x', body: 'y', biddingEndsAt: '2026-12-01T09:30:00' }
  expect(code(await api.call('POST', `/lots/${lotId}/notice`, { actor: agency, body: noZone }))).toEqual([422, 'bad-input'])
  const fraction = { title: 'x', body: 'y', biddingEndsAt: '2026-12-01T09:30:00.5Z' }
  expect(code(await api.call('POST', `/lots/${lotId}/notice`, { actor: agency, body: fraction }))).toEqual([422, 'bad-input'])
  expect(code(await api.call('POST', '/projects', { body: projectInput() }))).toEqual([401, 'not-signed-in'])
  const bidder = await anActor(t, 'bidder')
  expect(code(await api.call('POST', '/projects', { actor: bidder, body: projectInput() }))).toEqual([403, 'not-allowed'])
  const other = await anActor(t, 'agency')
  expect(code(await api.call('GET', `/lots/${lotId}`, { actor: other }))).toEqual([404, 'not-found'])
  expect(code(await api.call('GET', '/lots/not-a-uuid', { actor: agency }))).toEqual([422, 'bad-input'])
})

test('a NUL or the remains of a broken encoding are refused, in a body and in an address', async () => {
  for (const name of ['a\0b', '向\ufffd招标人']) {
    expect(code(await api.call('POST', '/projects', { actor: agency, body: projectInput({ name }) }))).toEqual([422, 'bad-input'])
  }
  expect(code(await api.call('GET', '/notices?kind=%00'))).toEqual([422, 'bad-input'])
})

test('a repeated write with the same Idempotency-Key makes one project', async () => {
  const options = { actor: agency, body: projectInput(), headers: { 'idempotency-key': 'once-1' } }
  const [first, second] = [await api.call('POST', '/projects', options), await api.call('POST', '/projects', options)]
  expect(second.body).toEqual(first.body)
  const changed = await api.call('POST', '/projects', { ...options, body: projectInput({ name: '另一个项目' }) })
  expect(code(changed)).toEqual([422, 'idempotency-key-reused'])
})
