import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { drawRepresentative } from '@/db/schema/trading/draw'
import { anActor } from '@/tests/factories/actor'
import { aDrawStage, aLibrary, type DrawStage } from '@/tests/factories/draw'
import { anIdNumber } from '@/tests/factories/expert'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { readCommittee } from '~/trading/draw/committee.server'

let t: TestPlatform
let api: TestApi
let stage: DrawStage

beforeEach(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  stage = await aDrawStage(t, api)
  await aLibrary(t)
})
afterEach(async () => {
  stage?.close()
  await api?.close()
  await t?.close()
})

const person = (serial: number) => ({
  name: `业主代表${serial}`,
  idNumber: anIdNumber(serial),
  phone: `1350000000${serial}`,
  title: '工程科长',
  unit: '',
})
const seats = [
  { seat: '技术专家', disc: ['A08', 'A04'], region: null, n: 2 },
  { seat: '造价专家', disc: ['A06'], region: null, n: 2 },
]

/** A panel of four experts and one representative, all experts accepted. */
async function seated(): Promise<string> {
  const id = await stage.begun({ seats, representatives: [person(1)] })
  await stage.playUntil(id, 'contacting')
  for (const code of await expertCodes()) await answer(code)
  return id
}
/** Codes sent to drawn experts: to everybody but the representatives. */
async function expertCodes(): Promise<string[]> {
  await t.tick()
  const messages = await listSandboxMessages(await t.ctx())
  return messages.filter(one => !one.text.includes('招标人代表')).flatMap(one => codeIn(one.text) || [])
}
const answer = (code: string, given: object = { answer: 'accept' }) => api.call('POST', `/invitations/${code}`, { body: given })

/** Messages to a telephone, after the clock has done what is due. */
async function textsTo(phone: string): Promise<string[]> {
  await stage.platformStep()
  await t.tick()
  return (await listSandboxMessages(await t.ctx())).filter(one => one.to === phone).map(one => one.text)
}
const codeIn = (text = '') => /邀请码 ([0-9A-Z]{12})/.exec(text)?.[1] ?? ''
const rows = (id: string) =>
  t.platform.database.db
    .select()
    .from(drawRepresentative)
    .where(eq(drawRepresentative.drawId, id))
    .orderBy(drawRepresentative.seq)
const replace = (id: string, given: object, actor = stage.cast.agency) =>
  api.call('POST', `/draws/representatives/${id}/replacement`, { actor, body: given })
const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const act = (token: string, path: string, body: object) =>
  api.call('POST', `/lots/${stage.lotId}/${path}`, { body, headers: as(token).headers })

/** The representative is told, accepts, and has a token. */
async function accepted(phone: string): Promise<string> {
  return (await answer(codeIn((await textsTo(phone)).at(-1)))).body.login.token
}

test('a representative is told once the panel is seated, shows who he is, gives the letter, declares, and only then the committee is whole', async () => {
  const id = await stage.begun({ seats, representatives: [person(1)] })
  expect(await textsTo(person(1).phone)).toEqual([])
  await stage.playUntil(id, 'contacting')
  const [text, ...more] = await textsTo(person(1).phone)
  expect(more).toEqual([])
  expect(text).toContain('您被指定为招标人代表')
  expect(text).not.toMatch(/滨江路|闽江/)
  const invitation = await api.call('GET', `/invitations/${codeIn(text)}`)
  expect(invitation.body).toMatchObject({ state: 'invited', hours: 4 })
  for (const code of await expertCodes()) {
    const { token } = (await answer(code)).body.login
    expect((await act(token, 'arrival', { pledge: true })).status).toBe(200)
    expect((await act(token, 'declaration', { conflict: false })).status).toBe(200)
  }
  const committee = async () => readCommittee(await t.ctx(), stage.lotId)
  expect(await committee()).toMatchObject({ isComplete: false })
  const { token } = (await answer(codeIn(text))).body.login
  expect((await answer(codeIn(text))).body.code).toBe('invitation-ended')
  expect((await act(token, 'arrival', { pledge: true })).body.code).toBe('identity-mismatch')
  expect((await act(token, 'arrival', { pledge: true, idNumberLast4: '0000' })).body.code).toBe('identity-mismatch')
  expect((await act(token, 'declaration', { conflict: false })).body.code).toBe('wrong-state')
  const last4 = person(1).idNumber.slice(-4)
  expect((await act(token, 'arrival', { pledge: true, idNumberLast4: last4 })).status).toBe(200)
  const arrival = (await api.call('GET', `/lots/${stage.lotId}/arrival`, as(token))).body
  expect(arrival).toMatchObject({ seat: '招标人代表', bidders: [stage.cast.bidder.organisationName] })
  expect((await act(token, 'declaration', { conflict: false })).status).toBe(200)
  const { members, isComplete } = await committee()
  expect(isComplete).toBe(true)
  expect(members.map(one => [one.code, one.role]).at(-1)).toEqual(['R1', 'employer'])
  const [row] = await rows(id)
  expect(row).toMatchObject({ state: 'accepted', pledgedAt: expect.any(Date), declaredAt: expect.any(Date) })
  const { rows: dump } = await t.platform.database.db.execute<{ text: string }>(
    `select r::text || p::text as text from draw_representative r join person p on p.id = r.person_id`,
  )
  expect(JSON.stringify(dump)).not.toContain('业主代表')
})

test('who declares a conflict leaves; the tenderer names another, nobody is drawn, and the committee waits', async () => {
  const id = await seated()
  const [first] = await rows(id)
  expect((await replace(first!.id, { ...person(2), reason: '想换一个人' })).body.code).toBe('representative-stays')
  const token = await accepted(person(1).phone)
  await act(token, 'arrival', { pledge: true, idNumberLast4: person(1).idNumber.slice(-4) })
  expect((await replace(first!.id, { ...person(2), reason: '想换一个人' })).body.code).toBe('representative-stays')
  await act(token, 'declaration', { conflict: true, text: '亲属在投标人处任职' })
  expect((await act(token, 'declaration', { conflict: false })).body.code).toBe('not-in-committee')
  expect((await readCommittee(await t.ctx(), stage.lotId)).members).toHaveLength(4)
  const elsewhere = await anActor(t, 'agency')
  expect((await replace(first!.id, { ...person(2), reason: '原代表回避' }, elsewhere)).status).toBe(404)
  const bad = await replace(first!.id, { ...person(2), idNumber: '123', reason: '' })
  expect(Object.keys(bad.body.fields).toSorted()).toEqual(['idNumber', 'reason'])
  expect((await replace(first!.id, { ...person(2), reason: '原代表回避' })).body.state).toBe('avoid')
  expect((await replace(first!.id, { ...person(3), reason: '再换一个' })).body.code).toBe('representative-stays')
  const second = await accepted(person(2).phone)
  await act(second, 'arrival', { pledge: true, idNumberLast4: person(2).idNumber.slice(-4) })
  await act(second, 'declaration', { conflict: false })
  const { members } = await readCommittee(await t.ctx(), stage.lotId)
  expect(members.map(one => one.code)).toContain('R2')
  expect((await rows(id)).map(one => one.state)).toEqual(['avoid', 'accepted'])
})

test('who declines or does not come can be replaced, and names open with those of the experts', async () => {
  const id = await seated()
  const [first] = await rows(id)
  await answer(codeIn((await textsTo(person(1).phone)).at(-1)), { answer: 'decline', reason: '出差' })
  expect((await replace(first!.id, { ...person(2), reason: '原代表出差' })).body.state).toBe('refused')
  await accepted(person(2).phone)
  const second = (await rows(id)).at(-1)!
  expect((await replace(second.id, { ...person(3), reason: '没有到场' })).body.code).toBe('representative-stays')
  await t.pass(11 * 60_000)
  expect((await replace(second.id, { ...person(3), reason: '没有到场' })).body.state).toBe('absent')
  await accepted(person(3).phone)
  for (const actor of ['agency', 'supervisor'] as const)
    await api.call('POST', `/draws/${id}/unlock`, { actor: stage.cast[actor] })
  const { members } = (await api.call('GET', `/draws/${id}/names`, { actor: stage.cast.supervisor })).body
  expect(members).toHaveLength(5)
  expect(members.at(-1)).toMatchObject({ code: 'R3', name: '业主代表3', seat: '招标人代表', title: '工程科长' })
})
