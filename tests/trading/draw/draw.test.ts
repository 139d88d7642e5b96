import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkLists, readPool } from '@/bin/party/owner-rules'
import { signMessage } from '@/crypto/draw-message'
import { verifyDraw } from '@/crypto/verify/draw'
import { anActor } from '@/tests/factories/actor'
import { aDrawStage, aLibrary, anExpert, type DrawStage } from '@/tests/factories/draw'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import { readPool as readPoolBytes } from '~/trading/draw/draw.read.server'
import { changeExpert } from '~/trading/expert/expert.server'

let t: TestPlatform
let api: TestApi
let stage: DrawStage

beforeEach(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  stage = await aDrawStage(t, api)
})
afterEach(async () => {
  stage?.close()
  await api?.close()
  await t?.close()
})

const draws = () => `/lots/${stage.lotId}/draws`
const post = (id: string, actor: 'agency' | 'supervisor' | 'third', body: unknown) =>
  api.call('POST', `/draws/${id}/messages`, { actor: stage.cast[actor], body })

test('people tied to bidder, tenderer, agency or a listed unit, the suspended and the unfit are excluded, and the lists make up the pool', async () => {
  const { bidder, agency } = stage.cast
  await aLibrary(t, 60, [
    anExpert(101, { employerName: bidder.organisationName }),
    anExpert(102, { employerName: agency.organisationName }),
    anExpert(103, { employerName: '鼓楼区城市建设中心' }),
    anExpert(104, { employerName: '某咨询公司' }),
    anExpert(105, { avoid: [{ organisationName: bidder.organisationName, creditCode: null, reason: '三年内任职' }] }),
    anExpert(106),
    anExpert(107, { disc: ['C0601'] }),
  ])
  await changeExpert(await t.ctx(), { code: 'E00106', event: 'suspend', reason: '考核不合格' })
  const id = await stage.begun({ avoid: [{ organisationName: '某咨询公司', reason: '曾为本项目提供咨询' }] })
  const { body } = await api.call('GET', `/draws/${id}/pool`, { actor: stage.cast.supervisor })
  const reasons = body.barred.map(([, reason]: [string, string]) => reason).toSorted()
  expect(reasons).toEqual(['agency-unit', 'bidder-unit', 'declared', 'listed', 'not-active', 'tenderer-unit'])
  const { prelude } = (await api.call('GET', '/draws?awaiting=me', { actor: agency })).body.draws[0]
  expect([prelude.pool.size, prelude.eligible.size, prelude.excluded.size]).toEqual([67, 60, 7])
  const pages = readPool(await readPoolBytes(await t.ctx(), body.root), prelude.pool)
  expect(checkLists(prelude, body, pages)).toEqual([])
  expect(checkLists(prelude, { ...body, barred: body.barred.slice(1) }, pages)).toEqual(['excluded hash'])
  expect(checkLists(prelude, { ...body, eligible: body.eligible.slice(1) }, pages)).toEqual(['eligible hash', 'excluded hash'])
  const stranger = ['ff'.repeat(32), 'listed'] as [string, string]
  expect(checkLists(prelude, { ...body, barred: [...body.barred, stranger] }, pages)[0]).toMatch(/not of the pool/)
  for (const path of [`/draws/${id}/pool`, `/expert-pools/${body.root}`])
    for (const actor of [agency, bidder]) expect((await api.call('GET', path, { actor })).status).toBe(403)
})

test('a committee the library cannot form is refused on asking, with what would have to be relaxed', async () => {
  await aLibrary(t, 8)
  const seats = [{ seat: '技术专家', disc: ['A08'], region: ['350200'], n: 5 }]
  const { status, body } = await api.call('POST', draws(), { actor: stage.cast.agency, body: stage.request({ seats }) })
  expect([status, body.code, body.facts.field]).toEqual([409, 'draw-infeasible', 'seats'])
  expect(body.detail).toContain('席位“技术专家”需要 5 人，符合条件的只有 0 人')
  expect((await api.call('GET', draws())).body.draws).toEqual([])
})

test('what the bids take away is found before any randomness; nothing on asking tells who bids', async () => {
  const employer = { employerName: stage.cast.bidder.organisationName }
  const people = Array.from({ length: 5 }, (_, at) => anExpert(100 + at, { disc: ['A0801'], ...(at < 3 ? employer : {}) }))
  await aLibrary(t, 0, people)
  const seats = [{ seat: '技术专家', disc: ['A08'], region: null, n: 5 }]
  const refused = await api.call('POST', draws(), { actor: stage.cast.agency, body: stage.request({ seats }) })
  // Three of one employer: at most one of them may sit, whoever that employer is.
  expect(refused.body.detail).toContain('同一单位专家人数上限放宽到 3 人')
  await aLibrary(t, 0, [anExpert(110, { disc: ['A0801'] }), anExpert(111, { disc: ['A0801'] })])
  const id = await stage.begun({ seats })
  const { body } = await api.call('GET', `/draws/${id}`)
  expect(body.state).toBe('infeasible')
  expect(body.obstacle).toMatchObject({ short: 1, seats: [{ seat: '技术专家', need: 5, fitting: 4 }] })
  expect(body.pool).toBeNull()
  const again = await api.call('POST', draws(), { actor: stage.cast.agency, body: stage.request({ seats }) })
  expect(again.body.code).toBe('draw-infeasible')
})

test('the third body is never an organisation that is already a party, whoever registers as one', async () => {
  await aLibrary(t)
  const insider = await anActor(t, 'custodian', { organisationId: stage.cast.agency.organisationId })
  const spki = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
  const signKey = spki(generateKeyPairSync('ed25519').privateKey)
  const wrapKey = spki(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey)
  const agent = { party: 'third', name: 'insider', signKey, wrapKey }
  expect((await api.call('PUT', '/party-agents', { actor: insider, body: agent })).status).toBe(200)
  await stage.begun()
  const { draws: mine } = (await api.call('GET', '/draws?awaiting=me', { actor: stage.cast.third })).body
  const third = mine[0].prelude.parties.find(({ party }: { party: string }) => party === 'third')
  expect(third.sign).toBe(spki(stage.agent('third').sign))
})

test('a party that falls silent is opened by the holders of its shares when its time is over', async () => {
  await aLibrary(t)
  const id = await stage.begun({ revealSeconds: 30 })
  await stage.playUntil(id, 'revealing')
  for (const party of ['agency', 'supervisor'] as const) await stage.agentStep(party)
  await stage.platformStep()
  expect(await stage.stateOf(id)).toBe('revealing')
  await t.pass(31_000)
  await stage.playUntil(id, 'contacting', ['third'])
  const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
  const byOthers = transcript.shares.filter(
    ({ msg }: { msg: { from: string; by: string } }) => msg.from === 'third' && msg.by !== 'third',
  )
  expect(byOthers).toHaveLength(3)
  expect(verifyDraw(transcript, (await api.call('GET', '/anchors')).body).broken).toEqual([])
})

describe('a message is refused', () => {
  test('from somebody else, with a changed signature, out of turn, or in place of another', async () => {
    await aLibrary(t)
    const id = await stage.begun()
    const early = await post(id, 'supervisor', { msg: { t: 'tbid/draw.v@1' }, sig: '' })
    expect(early.body.code).toBe('draw-message-refused')
    await stage.agentStep('agency')
    const mine = (await api.call('GET', '/draws?awaiting=me', { actor: stage.cast.agency })).body.draws[0]
    const commit = mine.commits.find(({ msg }: { msg: { party: string } }) => msg.party === 'agency')
    expect((await post(id, 'agency', commit)).status).toBe(201)
    expect((await post(id, 'supervisor', commit)).body.code).toBe('not-allowed')
    const changed = { ...commit.msg, c: '00'.repeat(32) }
    expect((await post(id, 'agency', { msg: changed, sig: commit.sig })).body.code).toBe('draw-message-refused')
    const second = signMessage(changed, stage.agent('agency').sign)
    expect((await post(id, 'agency', second)).body.facts.reason).toBe('同一事项已有另一条消息')
    const share = {
      t: 'tbid/draw.share@1',
      from: 'agency',
      to: 'third',
      by: 'agency',
      share: Buffer.alloc(32).toString('base64'),
    }
    const { platform, project, lot, round, drawId } = commit.msg
    const reveal = signMessage({ ...share, platform, project, lot, round, drawId } as never, stage.agent('agency').sign)
    expect((await post(id, 'agency', reveal)).body.code).toBe('draw-not-due')
  })
})

test('a draw is voided by two persons with a reason, stays visible, and the next one has the next number', async () => {
  await aLibrary(t)
  const id = await stage.begun()
  const body = { reason: '评标时间调整，无法按期评标' }
  const voidBy = (actor: 'agency' | 'supervisor') => api.call('POST', `/draws/${id}/void`, { actor: stage.cast[actor], body })
  expect((await voidBy('agency')).body.state).toBe('committing')
  expect((await voidBy('agency')).body.code).toBe('two-person-rule')
  expect((await voidBy('supervisor')).body.state).toBe('void')
  const next = await api.call('POST', draws(), { actor: stage.cast.agency, body: stage.request() })
  expect(next.status).toBe(201)
  const { body: list } = await api.call('GET', draws())
  expect(list.draws.map(({ number, state }: { number: number; state: string }) => [number, state])).toEqual([
    [2, 'requested'],
    [1, 'void'],
  ])
})

test('whoever does not answer in time is passed over, and the next of the ranking is invited', async () => {
  await aLibrary(t)
  const id = await stage.begun({ answerSeconds: 60 })
  await stage.playUntil(id, 'contacting')
  const [first] = await stage.readInvitations()
  await t.pass(61_000)
  await stage.platformStep()
  expect(await stage.readInvitations()).toHaveLength(10)
  const late = await api.call('POST', `/invitations/${first}`, { body: { answer: 'accept' } })
  expect(late.body.code).toBe('invitation-ended')
  const { events } = (await api.call('GET', `/draws/${id}/transcript`)).body
  expect(events.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(5).fill('no-answer'))
})

test('a dump of the database names none of the experts drawn', async () => {
  await aLibrary(t)
  const id = await stage.begun()
  await stage.playUntil(id, 'contacting')
  for (const code of await stage.readInvitations()) await api.call('POST', `/invitations/${code}`, { body: { answer: 'accept' } })
  expect(await stage.stateOf(id)).toBe('complete')
  const { rows: tables } = await t.platform.database.db.execute<{ name: string }>(
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  )
  for (const { name } of tables) {
    const { rows } = await t.platform.database.db.execute<{ text: string }>(sql.raw(`select x::text as text from ${name} x`))
    expect(rows.filter(row => row.text.includes('测试姓名') || row.text.includes('35010219800101'))).toEqual([])
  }
})

describe('a request is refused', () => {
  const ask = (given: Record<string, unknown>) =>
    api.call('POST', draws(), { actor: stage.cast.agency, body: stage.request(given) })
  const seat = (n: number) => ({ seat: '技术专家', disc: ['A08'], region: null, n })

  test('for an even or too small committee, seats that do not add up, an evaluation before the deadline, an unknown field', async () => {
    expect((await ask({ size: 4, seats: [seat(4)] })).body.code).toBe('committee-unlawful')
    expect((await ask({ size: 3, seats: [seat(3)] })).body.code).toBe('committee-unlawful')
    expect((await ask({ size: 5, seats: [seat(3)] })).body.code).toBe('bad-input')
    expect((await ask({ evaluationAt: '2026-01-01T00:00:00Z' })).body.code).toBe('bad-input')
    expect((await ask({ seats: [{ ...seat(5), disc: [''] }] })).status).toBe(422)
    expect((await ask({ chosen: ['E00001'] })).status).toBe(422)
  })

  test('from anybody but the agency that runs the project', async () => {
    for (const actor of [stage.cast.bidder, stage.cast.supervisor]) {
      expect((await api.call('POST', draws(), { actor, body: stage.request() })).status).toBe(403)
    }
  })
})
