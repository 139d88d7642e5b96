import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { membership, organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { draw, drawContact, drawLot } from '@/db/schema/trading/draw'
import { expert, expertAvoid, expertEmployment, expertLeave } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { aCreditCode, anActor } from '@/tests/factories/actor'
import { anExpert } from '@/tests/factories/draw'
import { aLot } from '@/tests/factories/lot'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { type AvoidanceRequest, excludedFor } from '~/trading/draw/avoidance.server'
import { admitExperts } from '~/trading/expert/expert.server'
import { notePenalty, revokePenalty } from '~/trading/expert/penalty.server'
import { addRule } from '~/trading/expert/rule.server'

let t: TestPlatform
let lotId: string
let bidder: { id: string; name: string; code: string }
let request: AvoidanceRequest
/** A Wednesday at ten in Beijing. */
const evaluationAt = new Date('2027-03-10T02:00:00Z')

beforeEach(async () => {
  t = await testPlatform()
  await t.at('2027-03-01T02:00:00Z')
  lotId = (await aLot(t, { state: 'bidding' })).lotId
  const actor = await anActor(t, 'bidder', { name: '闽江建设集团有限公司' })
  const [row] = await t.platform.database.db.select().from(organisation).where(eq(organisation.id, actor.organisationId))
  bidder = { id: actor.organisationId, name: actor.organisationName, code: row!.creditCode }
  request = { id: null, lotId, round: 1, evaluationAt, hours: 4, avoid: [] }
})
afterEach(() => t?.close())

const db = () => t.platform.database.db
const ask = async (given: Partial<AvoidanceRequest> = {}) => {
  const codes = new Map((await db().select().from(expert)).map(row => [row.id, row.code]))
  const excluded = await excludedFor(await t.ctx(), { ...request, ...given })
  const leaves = excluded.map(one => one.leaf)
  expect(leaves).toEqual(leaves.toSorted())
  expect(new Set(leaves).size).toBe(leaves.length)
  return Object.fromEntries(excluded.map(one => [codes.get(one.expertId), one.reason]))
}
const idOf = async (code: string) => (await db().select().from(expert).where(eq(expert.code, code)))[0]!.id
const admit = async (...people: Parameters<typeof anExpert>[]) =>
  admitExperts(
    await t.ctx(),
    people.map(one => anExpert(...one)),
  )

async function bids(state: 'bidding' | 'opening', of = lotId) {
  const hash = randomUUID().replaceAll('-', '').repeat(2)
  const proof = { statement: '{}', statementHash: hash, cms: new Uint8Array(), leafIdx: 0, committedAt: new Date() }
  const row = { id: randomUUID(), lotId: of, round: 1, organisationId: bidder.id, seq: 1, state: 'locked' as const }
  await db()
    .insert(bid)
    .values({ ...row, ...proof })
  await db().update(lot).set({ state }).where(eq(lot.id, of))
}

test('who bids counts only once the lot is closed, by credit code and by name', async () => {
  await admit([1, { employerName: '改了名的单位', employerCode: bidder.code }], [2, { employerName: bidder.name }], [3])
  await bids('bidding')
  expect(await ask()).toEqual({})
  await db().update(lot).set({ state: 'opening' }).where(eq(lot.id, lotId))
  expect(await ask()).toEqual({ E00001: 'bidder-unit', E00002: 'bidder-unit' })
})

test('whoever was punished in tendering is drawn for nothing, until the punishment is undone', async () => {
  await admit([1], [2], [3])
  const keepers = [await anActor(t, 'supervisor'), await anActor(t, 'supervisor')]
  const given = { kind: 'criminal' as const, authority: '某区法院', document: '（2025）刑初7号', decidedOn: '2025-05-01' }
  const { id } = await notePenalty(await t.ctx(keepers[0]), { code: 'E00002', ...given, facts: '串通投标罪' })
  // By identity, also for somebody who is in no library yet and comes in with a list made before it was known.
  const elsewhere = anExpert(4).person.idNumber
  await notePenalty(await t.ctx(keepers[0]), { idNumber: elsewhere, ...given, facts: '串通投标罪' })
  await admit([4])
  expect(await ask()).toEqual({ E00002: 'punished', E00004: 'punished' })
  await revokePenalty(await t.ctx(keepers[1]), { id, reason: '再审改判无罪' })
  expect(await ask()).toEqual({ E00004: 'punished' })
})

test('work for a bidder within three years keeps away, three years and a day ago no longer', async () => {
  await admit([1], [2], [3], [4])
  const job = async (code: string, untilOn: string | null, given = {}) => ({
    ...{
      id: randomUUID(),
      expertId: await idOf(code),
      organisationName: bidder.name,
      creditCode: bidder.code,
      fromOn: '2015-01-01',
    },
    ...{ untilOn, ...given },
  })
  const rows = [
    await job('E00001', '2024-03-01'),
    await job('E00002', '2024-02-29'),
    await job('E00003', null),
    await job('E00004', '2026-01-01', { creditCode: null }),
  ]
  await db().insert(expertEmployment).values(rows)
  await bids('opening')
  expect(await ask()).toEqual({ E00001: 'former-employer', E00003: 'bidder-unit', E00004: 'former-employer' })
})

test('declared ties, the tenderer, the agency, the supervising body and listed units by their codes', async () => {
  const supervisor = await anActor(t, 'supervisor', { name: '住建局招标办' })
  const [agency] = await db()
    .select({ name: organisation.name })
    .from(organisation)
    .innerJoin(membership, eq(membership.organisationId, organisation.id))
    .where(eq(membership.role, 'agency'))
  await admit(
    [1, { employerName: '鼓楼区城市建设中心' }],
    [2, { employerName: agency!.name }],
    [3, { employerName: supervisor.organisationName }],
    [4, { employerName: '设计院' }],
    [5, { employerName: '上级局' }],
    [6, { avoid: [{ organisationName: '设计院', creditCode: null, reason: '配偶任职', kind: 'relative' }] }],
    [7],
  )
  const avoid = [
    { organisationName: '设计院', creditCode: null, code: '9' as const, reason: '做过本项目设计' },
    { organisationName: '上级局', creditCode: null, code: '3' as const, reason: '主管部门' },
  ]
  expect(await ask({ avoid })).toEqual({
    E00001: 'tenderer-unit',
    E00002: 'agency-unit',
    E00003: 'department',
    E00004: 'listed',
    E00005: 'department',
    E00006: 'declared',
  })
})

test('leave that overlaps by an hour keeps away, leave that ends when the evaluation begins does not, nor one taken back', async () => {
  await admit([1], [2], [3], [4])
  const leave = async (code: string, from: string, until: string, given = {}) => ({
    ...{ id: randomUUID(), expertId: await idOf(code), fromAt: new Date(from), untilAt: new Date(until), createdAt: new Date() },
    ...given,
  })
  const rows = [
    await leave('E00001', '2027-03-10T05:00:00Z', '2027-03-20T00:00:00Z'),
    await leave('E00002', '2027-03-01T00:00:00Z', '2027-03-10T02:00:00Z'),
    await leave('E00003', '2027-03-09T00:00:00Z', '2027-03-11T00:00:00Z', { cancelledAt: new Date() }),
    await leave('E00004', '2027-03-10T06:00:00Z', '2027-03-11T00:00:00Z'),
  ]
  await db().insert(expertLeave).values(rows)
  expect(await ask()).toEqual({ E00001: 'on-leave' })
})

test('days of the week are those of Beijing, and an evaluation over midnight needs both', async () => {
  await admit([1], [2], [3])
  const only = async (code: string, days: number[]) =>
    db()
      .update(expert)
      .set({ weekdays: days.reduce((mask, day) => mask | (1 << day), 0) })
      .where(eq(expert.code, code))
  await only('E00001', [3])
  await only('E00002', [1, 2, 4, 5])
  expect(await ask()).toEqual({ E00002: 'on-leave' })
  // 22:00 in Beijing for six hours: Wednesday and Thursday.
  expect(await ask({ evaluationAt: new Date('2027-03-10T14:00:00Z'), hours: 6 })).toEqual({
    E00001: 'on-leave',
    E00002: 'on-leave',
  })
  // Twenty past midnight on a Thursday in Beijing is still Wednesday in London.
  expect(await ask({ evaluationAt: new Date('2027-03-10T16:20:00Z') })).toEqual({ E00001: 'on-leave' })
})

test('the monthly cap counts accepted evaluations of that month in Beijing, of draws not voided and lots that did not end first', async () => {
  await admit([1], [2])
  const rule = { kind: 'cap', code: 'monthly', name: '每月', value: 2, windowMonths: null, act: null, actMonths: null } as const
  await addRule(await t.ctx(), { ...rule, source: '某省办法', effectiveOn: '2027-01-01', isOff: false })
  const seated = async (
    code: string,
    at: string,
    given: { state?: 'complete' | 'void' | 'ended'; answer?: 'accepted' | 'refused' } = {},
  ) => {
    const id = randomUUID()
    const base = {
      lotId,
      round: 1,
      kind: 'committee',
      number: Math.floor(Math.random() * 1e9),
      rules: {},
      avoidBox: new Uint8Array(),
    }
    const where = {
      city: '福州',
      place: '一',
      hours: 1,
      answerSeconds: 60,
      revealSeconds: 60,
      requestedBy: bidder.id,
      createdAt: new Date(),
    }
    await db()
      .insert(draw)
      .values({ ...base, ...where, id, drawId: id, state: given.state ?? 'complete', evaluationAt: new Date(at) })
    const times = { invitedAt: new Date(), expiresAt: new Date() }
    const who = { id: randomUUID(), drawId: id, expertId: await idOf(code), c: id, seat: '席', codeHash: randomUUID() }
    await db()
      .insert(drawContact)
      .values({ ...who, ...times, state: given.answer ?? 'accepted' })
  }
  await seated('E00001', '2027-02-28T16:30:00Z')
  await seated('E00001', '2027-03-31T15:30:00Z')
  await seated('E00002', '2027-03-02T02:00:00Z')
  await seated('E00002', '2027-03-31T16:30:00Z')
  await seated('E00002', '2027-03-03T02:00:00Z', { state: 'void' })
  await seated('E00002', '2027-03-04T02:00:00Z', { answer: 'refused' })
  await seated('E00002', '2027-03-05T02:00:00Z', { state: 'ended' })
  expect(await ask()).toEqual({ E00001: 'monthly-cap' })
})

test('a committee for two lots keeps away from the bidders of both, each once it is closed', async () => {
  const other = (await aLot(t, { state: 'bidding' })).lotId
  await admit([1, { employerName: bidder.name }])
  const id = randomUUID()
  const base = {
    lotId,
    round: 1,
    kind: 'committee',
    number: 1,
    rules: {},
    avoidBox: new Uint8Array(),
    drawId: id,
    state: 'approved' as const,
  }
  const where = {
    city: '福州',
    place: '一',
    hours: 1,
    answerSeconds: 60,
    revealSeconds: 60,
    requestedBy: bidder.id,
    createdAt: new Date(),
  }
  await db()
    .insert(draw)
    .values({ ...base, ...where, id, evaluationAt })
  await db()
    .insert(drawLot)
    .values([lotId, other].map(one => ({ drawId: id, lotId: one, round: 1 })))
  await bids('bidding', other)
  expect(await ask({ id })).toEqual({})
  await db().update(lot).set({ state: 'opening' }).where(eq(lot.id, other))
  expect(await ask({ id })).toEqual({ E00001: 'bidder-unit' })
})

test('a unit known by code is not confused with another of the same kind of name, and a null code matches nobody', async () => {
  await admit([1, { employerName: '甲', employerCode: aCreditCode() }], [2, { employerName: '乙', employerCode: null }])
  await db()
    .insert(expertAvoid)
    .values({ expertId: await idOf('E00002'), organisationName: '丙', creditCode: null, reason: '其他' })
  await bids('opening')
  expect(await ask({ avoid: [{ organisationName: '丁', creditCode: null, code: '9', reason: 'x' }] })).toEqual({})
})
