import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { notice } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { type ATender, type AWitness, aRelease, aSealedBid, aTender, aWitness, release } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { uploadFolder } from '~/trading/bid/upload.server'
import { findLot } from '~/trading/lot/find-lot.server'
import { terminateLot } from '~/trading/notice/notice.server'
import type { ActInput } from '~/trading/opening/act'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { findOpening, listEvents } from '~/trading/opening/event.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { answer, close, publicView, releaseAll } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness
let supervisor: PersonActor

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  supervisor = await anActor(t, 'supervisor')
})
afterAll(() => t.close())

async function aClosedTender(count = 3, lot: Record<string, unknown> = {}) {
  const tender = await aTender(t, { lot })
  const bids = []
  for (let i = 0; i < count; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  return { tender, bids }
}

const openingOf = async ({ lotId }: ATender) => (await findOpening(await t.ctx(), lotId))!

type Wish = Partial<ActInput> & Pick<ActInput, 'kind'>

const act = async ({ lotId }: ATender, actor: PersonActor, wish: Wish) =>
  proposeAct(await t.ctx(actor), { lotId, cause: 'platform-outage', reason: '机房断电', ...wish })

const decide = async ({ lotId }: ATender, kind: ActInput['kind'], approved = true, actor = supervisor) =>
  decideAct(await t.ctx(actor), { lotId, kind, approved, decision: approved ? '情况属实' : '证据不足' })

const kindsOf = async ({ lotId }: ATender) => (await listEvents(await t.ctx(), lotId)).map(e => e.kind)

test('an adjourned opening stands still: no key is taken, no window ends; it goes on with the time that was left', async () => {
  const { tender, bids } = await aClosedTender(3, { releaseMode: 'both' })
  const message = await aRelease(t, tender, bids[0]!.bidder)
  await t.pass(20_000)
  const resumesAt = new Date((await t.ctx()).now.getTime() + 3_600_000)
  await act(tender, tender.agency, { kind: 'adjourn', resumesAt: resumesAt.toISOString() })
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'adjourned', endsAt: null, adjourned: { from: 'releasing' } })
  const refused = t.ctx(bids[0]!.bidder.actor).then(ctx => releaseKeys(ctx, message))
  await expect(refused).rejects.toMatchObject({ code: 'opening-adjourned' })
  await t.pass(600_000)
  await t.tick()
  expect(await openingOf(tender)).toMatchObject({ phase: 'adjourned', adjournedFrom: 'releasing' })
  await expect(act(tender, tender.agency, { kind: 'resume' })).rejects.toMatchObject({ code: 'opening-not-due' })
  await t.pass(3_000_000)
  await act(tender, tender.agency, { kind: 'resume', reason: '供电恢复' })
  const { phase, releaseEndsAt } = await openingOf(tender)
  expect(phase).toBe('releasing')
  const left = (releaseEndsAt!.getTime() - (await t.ctx()).now.getTime()) / 1_000
  expect(left).toBeGreaterThan(30)
  expect(left).toBeLessThan(42)
  await releaseAll(t, tender, bids)
  expect((await publicView(t, tender)).phase).toBe('objecting')
  expect(await kindsOf(tender)).toEqual(expect.arrayContaining(['adjourned', 'resumed']))
})

test('an opening may be adjourned while bidders object, by the supervisor too, and the words given stand', async () => {
  const { tender, bids } = await aClosedTender()
  await releaseAll(t, tender)
  await answer(t, tender, bids[0]!)
  await act(tender, supervisor, { kind: 'adjourn', cause: 'supervision-order', reason: '核查投诉' })
  await expect(answer(t, tender, bids[1]!)).rejects.toMatchObject({ code: 'answers-closed' })
  await t.pass(100_000)
  await t.tick()
  await act(tender, tender.agency, { kind: 'resume', cause: 'supervision-order', reason: '核查完毕' })
  await answer(t, tender, bids[1]!)
  await answer(t, tender, bids[2]!)
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('signing')
})

test('a longer window needs the supervisor: declined it changes nothing, agreed to it lets the late key in', async () => {
  const { tender, bids } = await aClosedTender(3, { releaseMode: 'both' })
  for (const one of tender.custodians) await release(t, tender, one)
  for (const one of bids.slice(1)) await release(t, tender, one.bidder)
  const before = (await openingOf(tender)).releaseEndsAt!
  const wish = { kind: 'extend' as const, cause: 'tool-fault' as const, reason: '证书驱动更新失败', seconds: 300 }
  expect(await act(tender, tender.agency, wish)).toMatchObject({ state: 'proposed' })
  await expect(act(tender, tender.agency, wish)).rejects.toMatchObject({ code: 'act-waiting' })
  await decide(tender, 'extend', false)
  expect((await openingOf(tender)).releaseEndsAt).toEqual(before)
  await act(tender, tender.agency, wish)
  expect((await publicView(t, tender)).hall.proposal).toMatchObject({ act: 'extend' })
  await decide(tender, 'extend')
  await expect(decide(tender, 'extend')).rejects.toMatchObject({ code: 'act-not-open' })
  expect((await openingOf(tender)).releaseEndsAt!.getTime() - before.getTime()).toBe(300_000)
  await t.pass(120_000)
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('releasing')
  await release(t, tender, bids[0]!.bidder)
  await t.tick()
  expect((await publicView(t, tender)).hall.bids.every(b => b.state === 'decrypted')).toBe(true)
})

test('a restart locks only what stayed closed through no wrong of its own, asks again for words, and reads it out', async () => {
  const { tender, bids } = await aClosedTender(4, { releaseMode: 'both' })
  for (const one of tender.custodians) await release(t, tender, one)
  for (const one of bids.slice(1)) await release(t, tender, one.bidder)
  await t.pass(61_000)
  await t.tick()
  expect((await publicView(t, tender)).hall.bids[0]).toMatchObject({ state: 'revoked', failure: { failure: 'no-release' } })
  await answer(t, tender, bids[1]!)
  await act(tender, tender.agency, { kind: 'restart', cause: 'tool-fault', reason: '投标人证书服务中断，有凭证' })
  await decide(tender, 'restart')
  const hall = (await publicView(t, tender)).hall
  expect(hall).toMatchObject({ phase: 'releasing', recordHash: null })
  expect(hall.bids.map(b => b.state)).toEqual(['locked', 'decrypted', 'decrypted', 'decrypted'])
  expect(hall.bids[1]!.answer).toBeNull()
  await release(t, tender, bids[0]!.bidder)
  await t.tick()
  const after = await publicView(t, tender)
  expect(after.phase).toBe('objecting')
  expect(after.hall.bids.map(b => b.read?.priceFen)).toEqual(Array(4).fill('1000000000'))
  await expect(act(tender, tender.agency, { kind: 'restart' }).then(() => decide(tender, 'restart'))).rejects.toMatchObject({
    code: 'nothing-to-restart',
  })
})

test('what the tender document does not give, a wrong ground, a stranger and the wrong role are refused', async () => {
  const { tender } = await aClosedTender(3, { openingTerms: { remedies: [] } })
  await expect(act(tender, tender.agency, { kind: 'adjourn' })).rejects.toMatchObject({ code: 'remedy-not-offered' })
  await expect(act(tender, tender.agency, { kind: 'abort', cause: 'tool-fault' })).rejects.toMatchObject({ code: 'act-cause' })
  await expect(act(tender, await anActor(t, 'agency'), { kind: 'adjourn' })).rejects.toMatchObject({ code: 'not-found' })
  await expect(act(tender, supervisor, { kind: 'abort', cause: 'law' })).rejects.toMatchObject({ code: 'not-allowed' })
  const far = await anActor(t, 'supervisor', { regionPrefix: '99' })
  await act(tender, tender.agency, { kind: 'abort', cause: 'law' })
  await expect(decide(tender, 'abort', true, far)).rejects.toMatchObject({ code: 'not-found' })
  await expect(decide(tender, 'extend')).rejects.toMatchObject({ code: 'act-not-open' })
})

test('an opening is ended by host and supervisor, or with its lot: nothing more is read and the public is told', async () => {
  const long = { releaseSeconds: 600 }
  const [{ tender }, { tender: other }] = [await aClosedTender(3, long), await aClosedTender(3, long)]
  await act(tender, tender.agency, { kind: 'abort', cause: 'force-majeure', reason: '台风红色预警' })
  await decide(tender, 'abort')
  await terminateLot(await t.ctx(other.agency), { lotId: other.lotId, reason: '项目取消' })
  await t.tick()
  for (const one of [tender, other]) {
    expect(await publicView(t, one)).toMatchObject({ phase: 'aborted' })
    expect((await findLot(await t.ctx(), one.lotId)).lot.state).toBe('terminated')
    const kinds = (await t.platform.database.db.select().from(notice).where(eq(notice.lotId, one.lotId))).map(n => n.kind)
    expect(kinds.filter(k => k === 'termination')).toHaveLength(1)
    await t.pass(601_000)
    await t.tick()
    const states = await t.platform.database.db.select({ state: bid.state }).from(bid).where(eq(bid.lotId, one.lotId))
    expect(states.every(b => b.state === 'locked')).toBe(true)
  }
})

test('with too few bids the ciphertexts are destroyed by two persons, and not before complaints are over', async () => {
  const { tender } = await aClosedTender(2)
  const files = await t.platform.database.db
    .select({ uploadId: bidFile.uploadId })
    .from(bidFile)
    .innerJoin(bid, eq(bid.id, bidFile.bidId))
    .where(eq(bid.lotId, tender.lotId))
  const paths = files.map(f => join(uploadFolder(t.platform), f.uploadId))
  expect(paths.every(existsSync)).toBe(true)
  const wish = { kind: 'destroy' as const, cause: 'law' as const, reason: '投诉期满，依法不予开标' }
  await act(tender, tender.agency, wish)
  await expect(decide(tender, 'destroy')).rejects.toMatchObject({ code: 'opening-not-due' })
  expect(paths.every(existsSync)).toBe(true)
  await t.pass(11_000)
  await decide(tender, 'destroy')
  await t.tick()
  expect(paths.some(existsSync)).toBe(false)
  expect(JSON.stringify(await listEvents(await t.ctx(), tender.lotId))).not.toContain('投标人 ')
  await expect(act(tender, tender.agency, wish).then(() => decide(tender, 'destroy'))).resolves.toMatchObject({ state: 'done' })
})
