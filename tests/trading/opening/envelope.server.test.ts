import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { giveOut, proveClose } from '@/crypto/give-out'
import { messageText, readMessage } from '@/crypto/messages'
import { checkPdf } from '@/crypto/pdfsign'
import { nodeSuites } from '@/crypto/suite-node'
import { bid } from '@/db/schema/trading/bid'
import { releaseMessage, stageKey } from '@/db/schema/trading/opening'
import { anActor } from '@/tests/factories/actor'
import {
  type ABid,
  type ATender,
  type AWitness,
  aRelease,
  aSealedBid,
  aTender,
  aWitness,
  release,
} from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { PersonActor } from '~/platform/ctx'
import { readHead } from '~/trading/bid/upload.server'
import { listCustody } from '~/trading/custody/custody.read.server'
import type { ActInput } from '~/trading/opening/act'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { replyObjection } from '~/trading/opening/answer.server'
import { findOpening, listEvents } from '~/trading/opening/event.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'
import { readReleaseBundle } from '~/trading/opening/proof.read.server'
import { readOpening } from '~/trading/opening/read.server'
import { recordFacts } from '~/trading/opening/record-facts.server'
import { recordBlocks } from '~/trading/opening/record-paper'
import { releaseKeys } from '~/trading/opening/release.server'
import { readSeat } from '~/trading/opening/seat.read.server'
import { listFiles } from '~/trading/opening/stage.server'
import { allowReleaseByTimestamp } from '~/trading/opening/tsa-release.server'
import { answer, close, publicView, releaseAll, signTheRecord } from './hall'

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

const parameters = [{ code: 'K', name: '下浮率 K', values: ['0.96', '0.97', '0.98'] }]
const twoEnvelopes = { openingTerms: { envelopes: 2, parameters } }
const db = () => t.platform.database.db
const openingOf = async ({ lotId }: ATender) => (await findOpening(await t.ctx(), lotId))!

/** Bids of two envelopes, sealed, closed by the clock and cosigned. */
async function aClosedTender(count = 3, lot: Record<string, unknown> = {}) {
  const tender = await aTender(t, { lot: { ...twoEnvelopes, ...lot } })
  const bids: ABid[] = []
  for (let i = 0; i < count; i++) bids.push(await aSealedBid(t, tender, { price: { priceFen: String(900_000_000 + i) } }))
  await close(t, witness, tender)
  return { tender, bids }
}

/** All windows of the sitting pass. */
async function untilPhase(tender: ATender, phase: string) {
  for (let step = 0; step < 20 && (await openingOf(tender)).phase !== phase; step++) {
    await t.pass(10_000)
    await t.tick()
  }
  expect((await openingOf(tender)).phase).toBe(phase)
}

/** The committee's result, as its locked sheets leave it; how it comes about is tested with the evaluation. */
async function review(tender: ATender, bids: ABid[], rejected: ABid[] = []) {
  for (const one of bids) {
    const of = and(eq(bid.lotId, tender.lotId), eq(bid.organisationId, one.bidder.actor.organisationId))
    await db()
      .update(bid)
      .set({ firstEnvelope: rejected.includes(one) ? 'rejected' : 'passed' })
      .where(of)
  }
}

const propose = async ({ lotId, agency }: ATender, wish: Partial<ActInput> = {}, actor: PersonActor = agency) =>
  proposeAct(await t.ctx(actor), { lotId, kind: 'second-envelope', cause: 'document', reason: '第一信封评审完毕', ...wish })

const decide = async ({ lotId }: ATender, kind: ActInput['kind'] = 'second-envelope', approved = true) =>
  decideAct(await t.ctx(supervisor), { lotId, kind, approved, decision: '' })

/** The second envelope is opened now; its entry is published and cosigned. */
async function openSecond(tender: ATender) {
  await propose(tender)
  await decide(tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
}

const keysOf = async (one: ABid, tender: ATender) => {
  const own = and(eq(bid.lotId, tender.lotId), eq(bid.organisationId, one.bidder.actor.organisationId))
  const rows = await db().select({ stage: stageKey.stage }).from(stageKey).innerJoin(bid, eq(bid.id, stageKey.bidId)).where(own)
  return rows.map(row => row.stage).sort()
}

test('the first envelope is opened at T without a price; after its review the second, of those who passed, in a second record', async () => {
  const { tender, bids } = await aClosedTender(4)
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'releasing', envelope: 1 })
  await releaseAll(t, tender)
  const first = (await publicView(t, tender)).hall
  expect(first).toMatchObject({ phase: 'objecting', envelope: 1, parameters: null })
  expect(first.bids.map(b => [b.contents, b.read])).toEqual(Array(4).fill([['technical'], null]))
  expect(await keysOf(bids[0]!, tender)).toEqual(['technical'])
  for (const one of bids) await answer(t, tender, one)
  await t.tick()
  const signed = await signTheRecord(t, tender, tender.agency, tender.agencySigner)
  await signed.send()
  await untilPhase(tender, 'intermission')

  expect((await listCustody(await t.ctx(tender.custodians[0]!.actor)))[0]!.due).toBeNull()
  await expect(propose(tender)).rejects.toMatchObject({ code: 'envelope-not-reviewed' })
  await review(tender, bids, [bids[3]!])
  await openSecond(tender)
  expect((await listCustody(await t.ctx(tender.custodians[0]!.actor)))[0]!.due).toBe('release')
  const between = (await publicView(t, tender)).hall
  expect(between).toMatchObject({ phase: 'releasing', envelope: 2, custodians: [], signers: [] })
  expect(between.bids.map(b => b.state)).toEqual(['locked', 'locked', 'locked', 'unopened'])

  await releaseAll(t, tender)
  const second = (await publicView(t, tender)).hall
  expect(second.bids.map(b => b.read?.priceFen ?? null)).toEqual(['900000000', '900000001', '900000002', null])
  expect(second.parameters).toMatchObject([{ code: 'K' }])
  expect(await keysOf(bids[3]!, tender)).toEqual(['technical'])
  expect(await keysOf(bids[0]!, tender)).toEqual(['price', 'technical'])
  await answer(t, tender, bids[0]!, 'objection', '报价大写有误')
  await t.tick()
  expect((await publicView(t, tender)).hall.bids[0]!.answer).toMatchObject({ answer: 'objection' })
  await untilPhase(tender, 'signing')
  await (await signTheRecord(t, tender, tender.agency, tender.agencySigner)).send()
  await untilPhase(tender, 'recorded')

  const ctx = await t.ctx({ kind: 'public' })
  const records = (await listPapers(ctx, tender.lotId)).filter(p => p.kind === 'opening-record')
  expect(records.map(p => p.title)).toEqual(['第一信封开标记录', '第二信封开标记录'])
  for (const one of records) {
    const pdf = await t.platform.store.read((await readPaperFile(ctx, one.id)).id)
    expect(checkPdf(pdf).map(signature => signature.ok)).toEqual([true, true])
  }
  const kinds = (await listEvents(await t.ctx(), tender.lotId)).map(e => e.kind)
  expect(kinds.filter(kind => ['contents', 'intermission', 'envelope', 'read', 'recorded'].includes(kind))).toEqual(
    expect.arrayContaining(['contents', 'intermission', 'envelope', 'read', 'recorded']),
  )
  expect(kinds.indexOf('read')).toBeGreaterThan(kinds.indexOf('envelope'))
})

/** The first envelope opened and recorded, and reviewed. */
async function atIntermission(count = 3, rejected: number[] = [], lot: Record<string, unknown> = {}) {
  const { tender, bids } = await aClosedTender(count, lot)
  await releaseAll(t, tender, lot.releaseMode === 'both' ? bids : [])
  await untilPhase(tender, 'intermission')
  await review(
    tender,
    bids,
    rejected.map(i => bids[i]!),
  )
  return { tender, bids }
}

/** The bundle as a platform would serve it that wants the second envelope's keys early: with the heads of the price files. */
async function aForgedBundle(tender: ATender, actor: PersonActor) {
  const ctx = await t.ctx(actor)
  const bundle = await readReleaseBundle(ctx, tender.lotId)
  const rows = await db().select().from(bid).where(eq(bid.lotId, tender.lotId))
  const bids = []
  for (const one of bundle.bids) {
    const of = rows.find(row => row.statementHash === one.statementHash)!
    const file = (await listFiles(ctx, of.id)).find(f => f.role === 'price')!
    const head = Buffer.from(await readHead(ctx, file.uploadId)).toString('base64')
    bids.push({ ...one, files: [{ fileId: file.fileId, role: 'price', stage: 'price', head }] })
  }
  return { ...bundle, bids }
}

test('a holder of keys gives out nothing of the second envelope before a cosigned entry opens it, and nothing is kept of what is sent early', async () => {
  const { tender } = await aClosedTender()
  const holder = tender.custodians[0]!
  const ctx = await t.ctx(holder.actor)
  expect((await readReleaseBundle(ctx, tender.lotId)).bids[0]!.files.map(f => f.stage)).toEqual(['technical'])
  const bundle = await aForgedBundle(tender, holder.actor)
  const close = proveClose(bundle, await readAnchors(ctx))
  const asked = { bundle, close, org: holder.actor.organisationId, keys: [holder.key] }
  await expect(giveOut(nodeSuites, asked)).rejects.toThrow('this envelope is not opened')

  const early = await aRelease(t, tender, holder, sent => messageText({ ...readMessage('tbid/release@1', sent), stage: 'price' }))
  const send = async () => releaseKeys(await t.ctx(holder.actor), early)
  await expect(send()).rejects.toMatchObject({ code: 'wrong-stage' })
  const kept = await db().select().from(releaseMessage).where(eq(releaseMessage.lotId, tender.lotId))
  expect(kept).toEqual([])
  await releaseAll(t, tender)
  await untilPhase(tender, 'intermission')
  await expect(send()).rejects.toMatchObject({ code: 'wrong-stage' })
})

test('in the second sitting a message for the first is refused, and a part of a bid that did not pass is refused by name', async () => {
  const { tender, bids } = await atIntermission(4, [1])
  const holder = tender.custodians[0]!
  await openSecond(tender)
  const bundle = await readReleaseBundle(await t.ctx(holder.actor), tender.lotId)
  expect(bundle.bids.map(b => b.files.map(f => f.stage))).toEqual(Array(3).fill(['price']))
  const rejected = await db().select().from(bid).where(eq(bid.organisationId, bids[1]!.bidder.actor.organisationId))
  const sent = await aRelease(t, tender, holder, text => {
    const message = readMessage('tbid/release@1', text)
    const [first, ...rest] = message.releases
    return messageText({ ...message, releases: [{ ...first!, statement: rejected[0]!.statementHash }, ...rest] })
  })
  const given = await releaseKeys(await t.ctx(holder.actor), sent)
  expect(given.refused.map(r => r.code)).toEqual(['not-passed'])
  expect(given.accepted).toHaveLength(2)
  const former = await aRelease(t, tender, holder, text =>
    messageText({ ...readMessage('tbid/release@1', text), stage: 'technical' }),
  )
  await expect(t.ctx(holder.actor).then(ctx => releaseKeys(ctx, former))).rejects.toMatchObject({ code: 'wrong-stage' })
  await releaseAll(t, tender)
  expect((await publicView(t, tender)).hall.bids.map(b => b.state)).toEqual(['decrypted', 'unopened', 'decrypted', 'decrypted'])
})

test('a custodian silent in the second sitting: a longer window lets the keys in; silent to the end the bids are withdrawn and the lot fails', async () => {
  const { tender } = await atIntermission()
  await openSecond(tender)
  await release(t, tender, tender.custodians[0]!)
  await propose(tender, { kind: 'extend', cause: 'tool-fault', reason: '保管人证书驱动故障', seconds: 120 })
  await decide(tender, 'extend')
  await t.pass(90_000)
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('releasing')
  await release(t, tender, tender.custodians[1]!)
  await t.tick()
  expect((await publicView(t, tender)).hall.bids.every(b => b.read)).toBe(true)

  const silent = await atIntermission()
  await openSecond(silent.tender)
  await release(t, silent.tender, silent.tender.custodians[0]!)
  await t.pass(61_000)
  await t.tick()
  const { phase, hall } = await publicView(t, silent.tender)
  expect(phase).toBe('aborted')
  expect(hall.bids.map(b => [b.state, b.failure?.fault])).toEqual(Array(3).fill(['withdrawn', 'custodian']))
})

test('without a witness the second sitting waits 120 s of its own before the supervisor may allow release on the time-stamp', async () => {
  const { tender } = await atIntermission()
  await t.pass(600_000)
  await propose(tender)
  await decide(tender)
  await t.tick()
  const seat = async () => readSeat(await t.ctx(supervisor), tender.lotId)
  const { rows } = await t.platform.database.pool.query<{ at: Date }>(
    `select at from opening_event where lot_id = $1 and kind = 'envelope'`,
    [tender.lotId],
  )
  expect(await seat()).toEqual({ role: 'supervisor', mayAllowFrom: new Date(rows[0]!.at.getTime() + 120_000) })
  const act = async () => allowReleaseByTimestamp(await t.ctx(supervisor), { lotId: tender.lotId, reason: '见证机停电' })
  await expect(act()).rejects.toMatchObject({ code: 'opening-not-due' })
  await t.pass(121_000)
  await act()
  expect(await seat()).toEqual({ role: 'supervisor', mayAllowFrom: null })
  expect((await publicView(t, tender)).hall).toMatchObject({ envelope: 2, releaseBasis: 'timestamp' })
})

test('a bidder silent in the second sitting loses its bid and the others go on; who did not pass is given nothing to release', async () => {
  const { tender, bids } = await atIntermission(5, [4], { releaseMode: 'both' })
  await openSecond(tender)
  for (const one of tender.custodians) await release(t, tender, one)
  for (const one of bids.slice(0, 3)) await release(t, tender, one.bidder)
  const refused = t.ctx(bids[4]!.bidder.actor).then(ctx => readReleaseBundle(ctx, tender.lotId))
  await expect(refused).rejects.toMatchObject({ code: 'not-found' })
  await t.pass(61_000)
  await t.tick()
  const { phase, hall } = await publicView(t, tender)
  expect(hall.bids.map(b => b.state)).toEqual(['decrypted', 'decrypted', 'decrypted', 'revoked', 'unopened'])
  expect(phase).toBe('objecting')
})

test('on the second record the word of who did not pass is not awaited: its silence is none, its objection is answered', async () => {
  const { tender, bids } = await atIntermission(5, [3, 4])
  await openSecond(tender)
  await releaseAll(t, tender)
  const seats = await Promise.all(bids.map(async one => readSeat(await t.ctx(one.bidder.actor), tender.lotId)))
  expect(seats.map(seat => seat.role === 'bidder' && seat.answer !== null)).toEqual(Array(5).fill(true))
  expect(seats.map(seat => seat.role === 'bidder' && seat.isAwaited)).toEqual([true, true, true, false, false])
  for (const one of bids.slice(0, 2)) await answer(t, tender, one)
  await answer(t, tender, bids[4]!, 'objection', '第二信封未当众展示封装')
  await untilPhase(tender, 'confirming')
  const objection = { lotId: tender.lotId, organisationId: bids[4]!.bidder.actor.organisationId, text: '封装摘要已在记录中' }
  await replyObjection(await t.ctx(tender.agency), objection)
  await untilPhase(tender, 'signing')
  const told = (await publicView(t, tender)).hall.bids.map(b => b.answer?.answer ?? null)
  expect(told).toEqual(['no-objection', 'no-objection', 'silent', null, 'objection'])
  const ctx = await t.ctx()
  const words = recordBlocks(await recordFacts(ctx, await readOpening(ctx, tender.lotId))).find(
    block => block.kind === 'table' && block.caption.includes('对开标记录的意见'),
  )
  expect(words).toMatchObject({ rows: ['无异议', '无异议', '未表态', '无需表态', '有异议'].map(word => ({ 2: word })) })
})

test('called for a time, the clock opens it then and not before; adjourned in between it must be called again; only the agency calls', async () => {
  const { tender } = await atIntermission()
  await expect(propose(tender, {}, supervisor)).rejects.toMatchObject({ code: 'not-allowed' })
  const resumesAt = new Date((await t.ctx()).now.getTime() + 3_600_000).toISOString()
  await propose(tender, { resumesAt })
  await decide(tender, 'second-envelope', false)
  expect((await openingOf(tender)).resumesAt).toBeNull()
  await propose(tender, { resumesAt })
  await decide(tender)
  await t.pass(600_000)
  await t.tick()
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'intermission', calledAt: resumesAt })
  await propose(tender, { kind: 'adjourn', cause: 'force-majeure', reason: '台风' })
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'adjourned', calledAt: null })
  await t.pass(3_600_000)
  await t.tick()
  await propose(tender, { kind: 'resume', cause: 'force-majeure', reason: '台风过境' })
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('intermission')
  const again = new Date((await t.ctx()).now.getTime() + 60_000).toISOString()
  await propose(tender, { resumesAt: again })
  await decide(tender)
  await t.pass(61_000)
  await t.tick()
  await witness.cosign()
  await t.tick()
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'releasing', envelope: 2, releaseBasis: 'cosignature' })
  await releaseAll(t, tender)
  expect((await publicView(t, tender)).phase).toBe('objecting')
})
