import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyDraw } from '@/crypto/verify/draw'
import { draw } from '@/db/schema/trading/draw'
import { lot } from '@/db/schema/trading/project'
import { aDrawStage, aLibrary, anExpert, type DrawStage } from '@/tests/factories/draw'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { readArchived } from '~/trading/draw/record.server'
import { admitExperts } from '~/trading/expert/expert.server'

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

const hours = (n: number) => n * 3_600_000
const inHours = (n: number) => new Date(Date.now() + hours(n)).toISOString()
const answer = (code: string, body: Record<string, unknown>) => api.call('POST', `/invitations/${code}`, { body })
const texts = async () => {
  await t.tick()
  return (await listSandboxMessages(await t.ctx())).map(({ text }) => text)
}
const count = async (query: ReturnType<typeof sql>) =>
  ((await t.platform.database.db.execute<{ n: number }>(query)).rows[0] ?? { n: -1 }).n

/** Everybody invited so far accepts; returns their tokens. */
async function acceptAll(): Promise<string[]> {
  const tokens: string[] = []
  for (const code of await stage.readInvitations()) tokens.push((await answer(code, { answer: 'accept' })).body.login.token)
  return tokens
}

test('a draw waits for its lead time: not more than 24 hours before the evaluation', async () => {
  const id = await stage.begun({ evaluationAt: inHours(30) })
  expect(await stage.stateOf(id)).toBe('approved')
  await t.pass(hours(5))
  await stage.platformStep()
  expect(await stage.stateOf(id)).toBe('approved')
  await t.pass(hours(1.1))
  await stage.platformStep()
  expect(await stage.stateOf(id)).toBe('committing')
})

test('the silent are told once more at half time, members before the evaluation; each once, and nobody is called twice', async () => {
  const id = await stage.begun({ evaluationAt: inHours(20), answerSeconds: 3_600 })
  await stage.playUntil(id, 'contacting')
  const codes = await stage.readInvitations()
  for (const code of codes.slice(0, 4)) await answer(code, { answer: 'accept' })
  await t.pass(hours(0.6))
  for (let round = 0; round < 3; round++) await stage.platformStep()
  expect((await texts()).filter(text => text.includes('尚未答复'))).toHaveLength(1)
  await answer(codes[4]!, { answer: 'accept' })
  await t.pass(hours(10))
  await stage.platformStep()
  expect((await texts()).filter(text => text.includes('评标提醒'))).toEqual([])
  await t.pass(hours(8))
  for (let round = 0; round < 3; round++) await stage.platformStep()
  const all = await texts()
  expect(all.filter(text => text.includes('评标提醒'))).toHaveLength(5)
  expect(all.filter(text => text.includes('邀请码 '))).toHaveLength(5)
  expect(all.filter(text => /滨江路|闽江|安信/.test(text))).toEqual([])
})

test('with the queue wiped, invitations still go out and answers still count', async () => {
  const id = await stage.begun()
  await stage.playUntil(id, 'contacting')
  // What a wiped queue leaves: promises marked as sent that nobody will ever work on.
  await t.platform.database.pool.query(`update outbox set sent_at = trade_clock() - interval '1 minute' where done_at is null`)
  const codes = await stage.readInvitations()
  expect(codes).toHaveLength(5)
  for (const code of codes) await answer(code, { answer: 'accept' })
  expect(await stage.stateOf(id)).toBe('complete')
})

test('an answer after the seat is filled, a second answer and a wrong code are refused', async () => {
  const id = await stage.begun({ answerSeconds: 60 })
  await stage.playUntil(id, 'contacting')
  const [first, second] = await stage.readInvitations()
  await answer(second!, { answer: 'accept' })
  expect((await answer(second!, { answer: 'decline', reason: '变更' })).body.code).toBe('invitation-ended')
  await t.pass(61_000)
  await stage.platformStep()
  expect((await answer(first!, { answer: 'accept' })).body.code).toBe('invitation-ended')
  expect((await answer('2'.repeat(12), { answer: 'accept' })).body.code).toBe('not-found')
  expect((await answer(first!, { answer: 'perhaps' })).status).toBe(422)
})

describe('time held for an evaluation', () => {
  test('is held from the invitation, freed by a refusal, and never overlaps', async () => {
    const id = await stage.begun()
    await stage.playUntil(id, 'contacting')
    expect(await count(sql`select count(*)::int as n from draw_booking`)).toBe(5)
    const [code] = await stage.readInvitations()
    await answer(code!, { answer: 'decline', reason: '出差' })
    expect(await count(sql`select count(*)::int as n from draw_booking`)).toBe(5)
    const twice = t.platform.database.pool.query(
      `insert into draw_booking select c2.id, b.expert_id, b.during from draw_booking b, draw_contact c2 where c2.state = 'refused' limit 1`,
    )
    await expect(twice).rejects.toThrow('draw_booking_apart')
  })

  test('passes over whoever was held elsewhere since the lists were made, without calling', async () => {
    const id = await stage.begun()
    await stage.playUntil(id, 'revealing')
    const { db } = t.platform.database
    const [row] = await db.select().from(draw).where(eq(draw.id, id))
    const other = { ...row!, id: crypto.randomUUID(), number: 99, drawId: 'other', state: 'complete' as const }
    await db.insert(draw).values(other)
    // Fifty of the sixty are held for an evaluation that begins while this one runs.
    await db.execute(sql`
      insert into draw_contact (id, draw_id, expert_id, c, seat, code_hash, state, invited_at, expires_at)
      select gen_random_uuid(), ${other.id}, id, leaf, 'x', leaf, 'accepted', now(), now() from expert where code < 'E00050'`)
    await db.execute(sql`
      insert into draw_booking
      select id, expert_id, tstzrange(${row!.evaluationAt.toISOString()}::timestamptz + interval '3 hours', null) from draw_contact`)
    await stage.playUntil(id, 'contacting')
    expect(await stage.readInvitations()).toHaveLength(5)
    const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
    const engaged = transcript.events.filter(({ outcome }: { outcome: string }) => outcome === 'engaged')
    expect(engaged.length).toBeGreaterThan(0)
    expect(engaged).toHaveLength(transcript.events.length)
    const { rows } = await db.execute<{ code: string }>(
      sql`select e.code from draw_contact c join expert e on e.id = c.expert_id where c.draw_id = ${id} and c.state = 'invited'`,
    )
    expect(rows.filter(({ code }) => code < 'E00050')).toEqual([])
    expect(verifyDraw(transcript, (await api.call('GET', '/anchors')).body).broken).toEqual([])
  })
})

describe('names', () => {
  const unlock = (id: string, actor: 'agency' | 'supervisor' | 'bidder') =>
    api.call('POST', `/draws/${id}/unlock`, { actor: stage.cast[actor] })
  const names = (id: string, actor: 'agency' | 'supervisor' | 'bidder') =>
    api.call('GET', `/draws/${id}/names`, { actor: stage.cast[actor] })

  test('stay closed to everybody until the evaluation, then open by two persons; each look is logged', async () => {
    const id = await stage.begun({ evaluationAt: inHours(3) })
    await stage.playUntil(id, 'contacting')
    await acceptAll()
    expect((await unlock(id, 'agency')).body.code).toBe('names-locked')
    expect((await names(id, 'agency')).body.code).toBe('names-locked')
    await t.pass(hours(3.1))
    expect((await unlock(id, 'bidder')).status).toBe(403)
    expect((await unlock(id, 'agency')).body).toEqual({ unlocked: false })
    expect((await unlock(id, 'agency')).body.code).toBe('two-person-rule')
    expect((await names(id, 'agency')).body.code).toBe('names-locked')
    expect((await unlock(id, 'supervisor')).body).toEqual({ unlocked: true })
    const { members } = (await names(id, 'agency')).body
    expect(members).toHaveLength(5)
    expect(members[0].name).toMatch(/^测试姓名\d+$/)
    await t.tick()
    expect(await count(sql`select count(*)::int as n from log_payload where action = 'draw.read-names'`)).toBe(1)
    // Each member reads of the look in the own record.
    expect(await count(sql`select count(*)::int as n from expert_look where purpose like '解密%'`)).toBe(5)
    expect(await count(sql`select count(*)::int as n from log_payload where action = 'draw.unlock'`)).toBe(2)
  })
})

describe('records and salts', () => {
  test('open to the supervisor after the result, to an expert only the own one, and prove themselves', async () => {
    const tied = anExpert(90, { employerName: stage.cast.bidder.organisationName })
    await admitExperts(await t.ctx(), [tied])
    const id = await stage.begun()
    await stage.playUntil(id, 'contacting')
    const [token] = await acceptAll()
    const records = (options: object) => api.call('GET', `/draws/${id}/records`, options)
    const asExpert = { headers: { authorization: `Bearer ${token}` } }
    const anchors = (await api.call('GET', '/anchors')).body
    expect((await records({ actor: stage.cast.supervisor })).body.code).toBe('records-closed')
    expect((await records({ actor: stage.cast.agency })).status).toBe(403)
    const own = (await records(asExpert)).body
    expect(own.records).toHaveLength(1)
    expect(own.barred).toEqual([])
    expect(verifyDraw(own, anchors).broken).toEqual([])
    await t.platform.database.db.update(lot).set({ state: 'awarded' })
    const all = (await records({ actor: stage.cast.supervisor })).body
    expect(all.records).toHaveLength(5)
    expect(await count(sql`select count(*)::int as n from expert_look where purpose = '定标后查看抽取记录'`)).toBe(5)
    expect(verifyDraw(all, anchors)).toMatchObject({ broken: [], unproven: [] })
    expect(verifyDraw(all, anchors).proven).toHaveLength(4)
    const archived = JSON.parse(JSON.stringify(await readArchived(await t.ctx(), id)))
    expect(verifyDraw(archived, anchors)).toMatchObject({ broken: [], unproven: [] })
    expect(archived.records).toEqual(all.records)
    const [barred] = all.barred as [string, string][]
    expect(barred).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), 'bidder-unit'])
    expect((await records(asExpert)).body.barred).toEqual([])
    // The barred person's own account sees the reason against the own record, and no other.
    const { rows } = await t.platform.database.db.execute<{ id: string }>(
      sql`select person_id as id from expert where code = ${own.records[0].record.id}`,
    )
    await t.platform.database.db.execute(sql`update expert set person_id = null where person_id = ${rows[0]!.id}`)
    await t.platform.database.db.execute(sql`update expert set person_id = ${rows[0]!.id} where code = 'E00090'`)
    const owner = (await records(asExpert)).body
    expect([owner.records, owner.barred]).toEqual([[], [barred]])
    const changed = structuredClone(all)
    changed.records[0].record.name = '别人'
    expect(verifyDraw(changed, anchors).broken).toHaveLength(1)
    const stranger = structuredClone(all)
    stranger.transcript.contacted = stranger.transcript.contacted.slice(1)
    expect(verifyDraw(stranger, anchors).broken).not.toEqual([])
  })
})
