import { and, eq, inArray, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyDraw } from '@/crypto/verify/draw'
import { draw, drawBooking, drawContact, drawLot } from '@/db/schema/trading/draw'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { expert, expertAvoid } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { aDrawStage, aLibrary, anExpert, type DrawStage } from '@/tests/factories/draw'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { readCommittee } from '~/trading/draw/committee.server'
import { admitExperts } from '~/trading/expert/expert.server'
import { listEngagements } from '~/trading/expert/library.read.server'

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

const db = () => t.platform.database.db
const answer = (code: string, body: object = { answer: 'accept' }) => api.call('POST', `/invitations/${code}`, { body })
const contacts = (id: string) => db().select().from(drawContact).where(eq(drawContact.drawId, id))

async function asked(isEarly: boolean): Promise<string> {
  const { agency, supervisor, approver } = stage.cast
  const made = await api.call('POST', `/lots/${stage.lotId}/draws`, { actor: agency, body: stage.request({ isEarly }) })
  for (const actor of [supervisor, approver]) await api.call('POST', `/draws/${made.body.id}/approval`, { actor })
  await stage.platformStep()
  return made.body.id
}

/** Experts declare to keep away from the bidder; it is no part of what the draw committed to. */
async function tie(expertIds: string[]): Promise<void> {
  const unit = { organisationName: stage.cast.bidder.organisationName, creditCode: null, reason: '近亲属任职' }
  await db()
    .insert(expertAvoid)
    .values(expertIds.map(expertId => ({ ...unit, expertId, kind: 'relative' as const })))
}

test('a panel drawn before the close is checked when the bids are known: who is tied leaves, an untied one of the same ranking follows', async () => {
  const id = await asked(true)
  expect(await stage.stateOf(id)).toBe('committing')
  await stage.playUntil(id, 'contacting')
  for (const code of await stage.readInvitations()) await answer(code)
  expect(await stage.stateOf(id)).toBe('complete')
  const seated = (await contacts(id)).map(one => one.expertId)
  const spare = (await db().select({ id: expert.id }).from(expert)).map(one => one.id).filter(one => !seated.includes(one))
  const tied = [...seated.slice(0, 2), ...spare.slice(0, 30)]
  await tie(tied)
  for (let round = 0; round < 2; round++) await stage.platformStep()
  expect((await contacts(id)).map(one => one.state)).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'accepted'])

  await stage.open()
  await stage.platformStep()
  const [row] = await db().select().from(draw).where(eq(draw.id, id))
  expect(row).toMatchObject({ state: 'contacting', recheckedAt: expect.any(Date) })
  const after = await contacts(id)
  const left = after.filter(one => one.state === 'avoid')
  expect(left.map(one => one.expertId)).toEqual(expect.arrayContaining(seated.slice(0, 2)))
  expect(left.every(one => tied.includes(one.expertId) && one.reason === 'declared')).toBe(true)
  const live = after.filter(one => one.state === 'invited' || one.state === 'accepted')
  expect(live).toHaveLength(5)
  expect(live.filter(one => tied.includes(one.expertId))).toEqual([])

  await t.tick()
  const texts = (await listSandboxMessages(await t.ctx())).map(one => one.text)
  expect(texts.filter(text => text.includes('应当回避'))).toHaveLength(2)
  // Who was passed over was never called: five at first, then the two who follow.
  expect(texts.filter(text => text.includes('邀请码'))).toHaveLength(7)
  expect(texts.join()).not.toContain(stage.cast.bidder.organisationName)

  const [decliner] = (await stage.readInvitations()).slice(-1)
  await answer(decliner!, { answer: 'decline', reason: '出差' })
  for (const code of (await stage.readInvitations()).slice(5)) await answer(code)
  for (let round = 0; round < 2; round++) await stage.platformStep()
  expect(await stage.stateOf(id)).toBe('complete')
  const sitting = (await contacts(id)).filter(one => one.state === 'accepted')
  expect(sitting.filter(one => tied.includes(one.expertId))).toEqual([])
  const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
  expect(verifyDraw(transcript, (await api.call('GET', '/anchors')).body).broken).toEqual([])
})

test('without the check nobody of an earlier panel sits, and a panel not asked for early waits for the bids', async () => {
  const later = await asked(false)
  expect(await stage.stateOf(later)).toBe('approved')
  await stage.open()
  await stage.platformStep()
  expect(await stage.stateOf(later)).toBe('committing')
  await stage.playUntil(later, 'contacting')
  for (const code of await stage.readInvitations()) await answer(code)
  const now = new Date()
  await db().update(drawContact).set({ arrivedAt: now, declaredAt: now }).where(eq(drawContact.drawId, later))
  expect((await readCommittee(await t.ctx(), stage.lotId)).isComplete).toBe(true)
  await db().update(draw).set({ isEarly: true }).where(eq(draw.id, later))
  expect((await readCommittee(await t.ctx(), stage.lotId)).isComplete).toBe(false)
})

test('counts per reason are refused to everybody before the result, and public after it', async () => {
  const employer = { employerName: stage.cast.bidder.organisationName }
  await admitExperts(
    await t.ctx(),
    [90, 92, 94].map(at => anExpert(at, employer)),
  )
  const id = await stage.begun()
  await stage.playUntil(id, 'contacting')
  const counts = (actor?: 'agency' | 'supervisor' | 'bidder') =>
    api.call('GET', `/draws/${id}/avoidance`, actor ? { actor: stage.cast[actor] } : {})
  for (const state of ['opening', 'evaluating', 'evaluated', 'publicity'] as const) {
    await db().update(lot).set({ state })
    for (const actor of [undefined, 'agency', 'supervisor', 'bidder'] as const)
      expect([state, actor, (await counts(actor)).body.code]).toEqual([state, actor, 'records-closed'])
  }
  await db().update(lot).set({ state: 'awarded' })
  expect((await counts()).body).toEqual({ counts: [{ reason: 'bidder-unit', before: 3, after: 0 }] })
  const ties = and(eq(drawContact.drawId, id), inArray(drawContact.state, ['invited']))
  await db().update(drawContact).set({ state: 'avoid', reason: 'former-employer' }).where(ties)
  expect((await counts()).body.counts).toContainEqual({ reason: 'former-employer', before: 0, after: 5 })
})

describe('when a panel drawn early is not wanted any more', () => {
  const texts = async () => {
    await t.tick()
    return (await listSandboxMessages(await t.ctx())).map(one => one.text)
  }
  const held = async (id: string) => {
    const own = (await contacts(id)).map(one => one.id)
    return db().select().from(drawBooking).where(inArray(drawBooking.contactId, own))
  }
  const fail = (failReason: string, state: 'failed' | 'terminated' | 'archived' = 'failed') =>
    db().update(lot).set({ state, failReason, closedAt: new Date() })

  test('every lot failed: its experts are free again, told so and called no more; the engagement and the draw say why, with the queue wiped', async () => {
    const id = await asked(true)
    await stage.playUntil(id, 'contacting')
    const codes = await stage.readInvitations()
    await answer(codes[0]!)
    expect(await held(id)).toHaveLength(5)
    await fail('投标人少于三个')
    await db().execute(sql`delete from outbox`)
    for (let round = 0; round < 2; round++) await stage.platformStep()
    expect(await held(id)).toEqual([])
    expect((await texts()).filter(text => text.includes('不再需要您参加'))).toHaveLength(5)
    const { body } = await api.call('GET', `/draws/${id}`)
    expect(body).toMatchObject({ state: 'ended', endReason: expect.stringContaining('投标人少于三个') })
    expect((await answer(codes[1]!)).body.code).toBe('invitation-ended')

    const [seat] = (await contacts(id)).filter(one => one.state === 'accepted')
    const [engagement] = await listEngagements(await t.ctx(), seat!.expertId, 'self')
    expect(engagement).toMatchObject({ state: 'accepted', arrivedAt: null, endReason: body.endReason })
    const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
    expect(verifyDraw(transcript, (await api.call('GET', '/anchors')).body).broken).toEqual([])
    const { agency } = stage.cast
    expect(
      (await api.call('POST', `/draws/${id}/void`, { actor: agency, body: { reason: '标段已流标，申请作废' } })).status,
    ).toBe(409)
  })

  test('two persons void one: whoever was called is told so, free again, and the engagement says it', async () => {
    const id = await asked(true)
    await stage.playUntil(id, 'contacting')
    const [code] = await stage.readInvitations()
    await answer(code!)
    for (const actor of [stage.cast.agency, stage.cast.supervisor])
      await api.call('POST', `/draws/${id}/void`, { actor, body: { reason: '评标条件已变更，须重新组建' } })
    expect(await stage.stateOf(id)).toBe('void')
    expect(await held(id)).toEqual([])
    expect((await texts()).filter(text => text.includes('因抽取作废'))).toHaveLength(5)
    const [seat] = (await contacts(id)).filter(one => one.state === 'accepted')
    expect(await listEngagements(await t.ctx(), seat!.expertId, 'self')).toMatchObject([{ drawState: 'void' }])
  })

  test('one under way seats nobody, one not begun never begins, and an archived lot is known by its reason', async () => {
    const id = await asked(true)
    expect(await stage.stateOf(id)).toBe('committing')
    await fail('招标终止', 'archived')
    await stage.platformStep()
    expect(await stage.stateOf(id)).toBe('ended')
    expect(await contacts(id)).toEqual([])
    expect(await stage.agentStep('agency')).toEqual([])
  })

  test('a committee whose other lot goes on stays; one that made its report has sat', async () => {
    const id = await asked(true)
    await stage.playUntil(id, 'contacting')
    const [own] = await db().select().from(lot).where(eq(lot.id, stage.lotId))
    const other = { ...own!, id: crypto.randomUUID(), code: 'B2', state: 'opening' as const }
    await db().insert(lot).values(other)
    await db().insert(drawLot).values({ drawId: id, lotId: other.id, round: 1 })
    await db().update(lot).set({ state: 'failed', failReason: '投标人少于三个' }).where(eq(lot.id, stage.lotId))
    await stage.platformStep()
    expect(await stage.stateOf(id)).toBe('contacting')
    const report = { lotId: other.id, round: 1, content: '{}', hash: '0'.repeat(64), madeAt: new Date() }
    await db().insert(evaluationReport).values(report)
    await fail('有效投标少于三个')
    await stage.platformStep()
    expect(await stage.stateOf(id)).toBe('contacting')
    await db().delete(evaluationReport)
    await stage.platformStep()
    expect(await stage.stateOf(id)).toBe('ended')
  })
})
