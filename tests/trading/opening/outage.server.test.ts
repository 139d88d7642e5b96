import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { outage, pulse } from '@/db/schema/platform/clock'
import { type ATender, type AWitness, aSealedBid, aTender, aWitness, release } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { beat } from '~/platform/audit/pulse.server'
import { listLotEntries } from '~/platform/log/read.server'
import { findOpening, listEvents } from '~/trading/opening/event.server'
import type { Clocked } from '~/trading/opening/opening'
import { secondsLost } from '~/trading/opening/outage'
import { ruleEdition } from '~/trading/rules/editions'
import { answer, close, publicView, releaseAll } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const db = () => t.platform.database.db
const pulseNow = async () => beat(await t.ctx(), {})
beforeEach(async () => {
  await db().delete(pulse)
  await db().delete(outage)
})

async function aClosedTender() {
  const tender = await aTender(t, { lot: { releaseMode: 'both' } })
  const bids = []
  for (let i = 0; i < 3; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  return { tender, bids }
}

const openingOf = async ({ lotId }: ATender) => (await findOpening(await t.ctx(), lotId))!
const outagesOf = async ({ lotId }: ATender) => (await listEvents(await t.ctx(), lotId)).filter(e => e.kind === 'outage')

/** Nobody serves for so long: the worker goes on alone. */
async function silence(ms: number) {
  for (let left = ms; left > 0; left -= 10_000) {
    await t.pass(Math.min(left, 10_000))
    await t.tick()
  }
}

test('a gap inside the release window makes it longer by the gap, once, with an event, an entry and the outage as evidence', async () => {
  const { tender, bids } = await aClosedTender()
  await pulseNow()
  const before = (await openingOf(tender)).releaseEndsAt!
  await t.pass(3_000)
  await pulseNow()
  await silence(40_000)
  expect((await openingOf(tender)).releaseEndsAt).toEqual(before)
  await pulseNow()
  await pulseNow()
  expect(await db().select().from(outage)).toHaveLength(1)
  await t.tick()
  await t.tick()
  const { releaseEndsAt, outageSeconds } = await openingOf(tender)
  expect(releaseEndsAt!.getTime() - before.getTime()).toBe(outageSeconds * 1_000)
  expect(outageSeconds).toBeGreaterThanOrEqual(40)
  expect(outageSeconds).toBeLessThan(50)
  expect(await outagesOf(tender)).toMatchObject([{ facts: { seconds: outageSeconds, endsAt: releaseEndsAt!.toISOString() } }])
  expect((await publicView(t, tender)).hall.endsAt).toBe(releaseEndsAt!.toISOString())
  await t.platform.sequencer.flush()
  const entries = (await listLotEntries(await t.ctx(), tender.lotId)).filter(e => e.action === 'opening.outage')
  expect(entries).toMatchObject([{ payload: { facts: { seconds: outageSeconds, article: '《电子招标投标办法》第三十一条' } } }])
  await t.pass(50_000)
  await pulseNow()
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('releasing')
  await releaseAll(t, tender, bids)
  expect((await publicView(t, tender)).hall.bids.every(b => b.state === 'decrypted')).toBe(true)
})

test('a window that would end while nobody serves does not: its bidders release after the platform is back', async () => {
  const { tender, bids } = await aClosedTender()
  await pulseNow()
  for (const one of tender.custodians) await release(t, tender, one)
  await silence(90_000)
  expect((await publicView(t, tender)).phase).toBe('releasing')
  await pulseNow()
  await t.tick()
  expect((await openingOf(tender)).releaseEndsAt!.getTime()).toBeGreaterThan((await t.ctx()).now.getTime() + 45_000)
  for (const one of bids) await release(t, tender, one.bidder)
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('objecting')
})

test('a kill before the outage was ticked off changes nothing when it is done again', async () => {
  const { tender } = await aClosedTender()
  await pulseNow()
  await silence(30_000)
  await pulseNow()
  await t.tick()
  const { releaseEndsAt } = await openingOf(tender)
  await db().update(outage).set({ madeGoodAt: null })
  await t.tick()
  expect((await openingOf(tender)).releaseEndsAt).toEqual(releaseEndsAt)
  expect(await outagesOf(tender)).toHaveLength(1)
  const [row] = await db().select().from(outage)
  expect(row!.madeGoodAt).not.toBeNull()
})

test('the time for objections is given back as well; what is short, or over before, makes nothing longer', async () => {
  const { tender, bids } = await aClosedTender()
  await releaseAll(t, tender, bids)
  await pulseNow()
  const before = (await openingOf(tender)).objectionEndsAt!
  await silence(10_000)
  await pulseNow()
  await t.tick()
  expect((await openingOf(tender)).objectionEndsAt).toEqual(before)
  // It ends seconds after the last beat, which is no sign of an outage yet.
  await silence(60_000)
  expect((await publicView(t, tender)).phase).toBe('objecting')
  await pulseNow()
  await t.tick()
  expect((await openingOf(tender)).objectionEndsAt!.getTime() - before.getTime()).toBeGreaterThanOrEqual(60_000)
  await answer(t, tender, bids[0]!, 'objection', '请说明')
  expect((await openingOf(tender)).outageSeconds).toBeGreaterThanOrEqual(60)
})

const at = (second: number) => new Date(Date.UTC(2026, 11, 1, 1, 30, second))
const periods = ruleEdition('works.open-tender@2026.1').opening
const window: Clocked = {
  phase: 'releasing',
  releaseEndsAt: at(60),
  twinEndsAt: null,
  objectionEndsAt: null,
  confirmEndsAt: null,
  signEndsAt: null,
  resumesAt: null,
}
const running = { ...window, releaseOpenedAt: at(0), twinClosedAt: null, outageSeconds: 0 }

for (const [what, gap, lost] of [
  ['inside', [10, 40], 30],
  ['from before it began', [-20, 30], 30],
  ['past its end', [50, 90], 40],
  ['over before', [-60, -10], 0],
  ['begun after its end', [60, 90], 0],
  ['too short to count', [10, 24], 0],
] as const) {
  test(`an outage ${what} takes ${lost} seconds of a window of sixty`, () => {
    expect(secondsLost(running, periods, { from: at(gap[0]), to: at(gap[1]) })).toBe(lost)
  })
}

test('no time runs in an adjourned or a finished opening', () => {
  for (const phase of ['adjourned', 'recorded', 'aborted', 'closing'] as const)
    expect(secondsLost({ ...running, phase }, periods, { from: at(10), to: at(40) })).toBe(0)
})
