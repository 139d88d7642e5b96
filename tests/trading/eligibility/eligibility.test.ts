import { afterAll, beforeAll, expect, test } from 'vitest'
import { prequalified } from '@/db/schema/trading/eligibility'
import { anActor } from '@/tests/factories/actor'
import { aBid, aBidder, type Bidder } from '@/tests/factories/bid'
import { aSealingLot } from '@/tests/factories/custody'
import { aDocument } from '@/tests/factories/lot'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'
import { readMyBid } from '~/trading/bid/bid.read.server'
import { endDebarment, enterDebarment, listDebarments } from '~/trading/eligibility/debarment.server'
import { publishPrequalified } from '~/trading/eligibility/prequalification.server'
import { publishNotice } from '~/trading/notice/notice.server'

let t: TestPlatform

beforeAll(async () => {
  t = await testPlatform()
})
afterAll(() => t.close())

const codeOf = async ({ actor }: Bidder) => (await readOrganisation(await t.ctx(), actor.organisationId)).creditCode

async function announced(creditCodes: string[]) {
  const ready = await aSealingLot(t, { state: 'ready' })
  await publishPrequalified(await t.ctx(ready.agency), { lotId: ready.lotId, creditCodes })
  await aDocument(t, ready.agency, ready.lotId)
  const { now } = await t.ctx()
  const biddingEndsAt = new Date(Math.ceil(now.getTime() / 1000) * 1000 + 60_000)
  await publishNotice(await t.ctx(ready.agency), { lotId: ready.lotId, title: '公告', body: '招标。', biddingEndsAt })
  return ready
}

test('a lot with prequalification takes bids from those who passed and records the refusal of others', async () => {
  const people = await Promise.all([1, 2, 3].map(() => aBidder(t, { suite: 'intl' })))
  const stranger = await aBidder(t, { suite: 'intl' })
  const lot = await announced(await Promise.all(people.map(codeOf)))
  await aBid(t, lot, { bidder: people[0]! })
  await expect(aBid(t, lot, { bidder: stranger })).rejects.toMatchObject({ code: 'not-prequalified' })
  const { refused } = await readMyBid(await t.ctx(stranger.actor), lot.lotId)
  expect(refused.map(one => one.code)).toEqual(['not-prequalified'])
})

test('who passed is known by tags alone, said once, and not after bidding has begun', async () => {
  const people = await Promise.all([1, 2, 3].map(() => aBidder(t, { suite: 'intl' })))
  const codes = await Promise.all(people.map(codeOf))
  const lot = await announced(codes)
  const rows = JSON.stringify(await (await t.ctx()).db.select().from(prequalified))
  for (const { actor } of people) expect(rows).not.toContain(actor.organisationId)
  const again = publishPrequalified(await t.ctx(lot.agency), { lotId: lot.lotId, creditCodes: codes })
  await expect(again).rejects.toMatchObject({ code: 'prequalification-late' })
  const other = await aSealingLot(t, { state: 'ready' })
  const unknown = publishPrequalified(await t.ctx(other.agency), { lotId: other.lotId, creditCodes: ['91350100MA00000000'] })
  await expect(unknown).rejects.toMatchObject({ code: 'organisation-unknown' })
})

test('a debarred organisation is refused by name of the decision, may withdraw, and may bid again when it ends', async () => {
  const lot = await aSealingLot(t)
  const bidder = await aBidder(t, lot)
  const first = await aBid(t, lot, { bidder })
  const supervisor = await anActor(t, 'supervisor')
  const [creditCode, today] = [await codeOf(bidder), (await t.ctx()).now]
  const day = (shift: number) => new Date(today.getTime() + shift * 86_400_000).toISOString().slice(0, 10)
  const order = { creditCode, name: '某公司', reason: '串通投标', source: '某财政局 12 号', startsOn: day(-2), endsOn: day(2) }
  const { id } = await enterDebarment(await t.ctx(supervisor), order)
  await expect(aBid(t, lot, { bidder, after: first })).rejects.toMatchObject({ code: 'debarred' })
  await endDebarment(await t.ctx(supervisor), { id, reason: '决定被撤销' })
  await aBid(t, lot, { bidder, after: first })
  expect((await listDebarments(await t.ctx())).map(one => one.endReason)).toEqual(['决定被撤销'])
})

test('a debarment that has not begun or is over does not count; only a supervisor enters one', async () => {
  const lot = await aSealingLot(t)
  const bidder = await aBidder(t, lot)
  const supervisor = await anActor(t, 'supervisor')
  const order = { creditCode: await codeOf(bidder), name: '某公司', reason: '失信', source: '某法院' }
  await enterDebarment(await t.ctx(supervisor), { ...order, startsOn: '2020-01-01', endsOn: '2020-12-31' })
  await enterDebarment(await t.ctx(supervisor), { ...order, startsOn: '2099-01-01', endsOn: '2099-12-31' })
  await aBid(t, lot, { bidder })
  const attempt = enterDebarment(await t.ctx(bidder.actor), { ...order, startsOn: '2020-01-01', endsOn: '2099-12-31' })
  await expect(attempt).rejects.toMatchObject({ code: 'not-allowed' })
})
