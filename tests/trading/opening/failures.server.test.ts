import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { base64, unbase64 } from '@/crypto/bytes'
import { messageText, readMessage } from '@/crypto/messages'
import { nodeRandom } from '@/crypto/suite-node'
import { person } from '@/db/schema/platform/identity'
import { notification } from '@/db/schema/platform/notification'
import { bid, bidAct, bidFile } from '@/db/schema/trading/bid'
import { openingEvent, releaseMessage, stageKey } from '@/db/schema/trading/opening'
import { lot, notice } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { signText } from '@/tests/factories/certificate'
import {
  type ATender,
  type AWitness,
  afterDeadline,
  aRelease,
  aSealedBid,
  aTender,
  aWitness,
  release,
} from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { uploadFolder } from '~/trading/bid/upload.server'
import { readClose, readReleaseBundle } from '~/trading/opening/proof.read.server'
import { readPublicOpening } from '~/trading/opening/read.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { allowReleaseByTimestamp } from '~/trading/opening/tsa-release.server'

// A whole tender with its keys and papers takes seconds, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const db = () => t.platform.database.db
const publicView = async (tender: ATender) => readPublicOpening(await t.ctx({ kind: 'public' }), tender.lotId)

async function close(tender: ATender) {
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
}

async function aFullTender(wish: Parameters<typeof aTender>[1] = {}, count = 4) {
  const tender = await aTender(t, wish)
  const bids = []
  for (let i = 0; i < count; i++) bids.push(await aSealedBid(t, tender))
  return { tender, bids }
}

const windowOver = async () => {
  await t.pass(61_000)
  await t.tick()
}

for (const [kind, edition, article] of [
  ['works', 'works.open-tender@2026.1-drill', '《招标投标法》第二十八条'],
  ['gp-goods', 'gp-goods.open-tender@2026.1-drill', '财政部令第87号'],
] as const) {
  test(`fewer than three bids in ${kind}: nothing is opened, the lot fails by the article, only the number is public`, async () => {
    const sector = kind === 'works' ? 'construction' : 'procurement'
    const scoring = {
      method: 'comprehensive',
      formula: 'F1',
      priceWeight: '0.60',
      compliance: [{ code: 'C1', text: '资格' }],
      items: [{ code: 'S1', name: '技术', max: '40', group: 'technical' }],
    }
    const { tender, bids } = await aFullTender({ project: { kind, edition, sector }, lot: { scoring } }, 2)
    await close(tender)
    const view = await publicView(tender)
    expect(view).toMatchObject({ phase: 'aborted', counted: 2, record: null })
    expect(view.hall.bids).toEqual([])
    expect(view.hall.aborted).toContain(article)
    expect(JSON.stringify(await db().select().from(openingEvent).where(eq(openingEvent.lotId, tender.lotId)))).not.toContain(
      bids[0]!.bidder.actor.organisationName,
    )
    const [row] = await db().select().from(lot).where(eq(lot.id, tender.lotId))
    expect(row).toMatchObject({ state: 'failed' })
    const notices = await db().select().from(notice).where(eq(notice.lotId, tender.lotId))
    expect(notices.map(n => n.kind)).toContain('failure')
    expect(notices.find(n => n.kind === 'failure')!.body).not.toContain(bids[0]!.bidder.actor.organisationName)
    const holder = tender.custodians[0]!
    await expect(t.ctx(holder.actor).then(ctx => readReleaseBundle(ctx, tender.lotId))).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(t.ctx({ kind: 'public' }).then(ctx => readClose(ctx, tender.lotId))).rejects.toMatchObject({
      code: 'not-signed-in',
    })
  })
}

test('a replaced, a withdrawn and a refused commit are listed as such and never opened', async () => {
  const { tender, bids } = await aFullTender({}, 4)
  const replaced = await aSealedBid(t, tender, { former: bids[0]!, price: { priceFen: '800000000' } })
  await aSealedBid(t, tender, { former: bids[1]!, withdraws: true })
  await expect(
    aSealedBid(t, tender, { former: replaced, contents: [{ role: 'technical', bytes: nodeRandom(10) }] }),
  ).rejects.toMatchObject({ code: 'seal-differs' })
  await close(tender)
  const states = (await db().select().from(bid).where(eq(bid.lotId, tender.lotId)).orderBy(bid.leafIdx)).map(b => b.state)
  expect(states).toEqual(['replaced', 'withdrawn-before', 'locked', 'locked', 'locked', 'withdrawn-before'])
  for (const one of tender.custodians) await release(t, tender, one)
  await t.tick()
  const view = await publicView(tender)
  expect(view.counted).toBe(3)
  expect(view.hall.bids.map(b => b.read?.priceFen)).toEqual(['1000000000', '1000000000', '800000000'])
  const close_ = JSON.parse((await readClose(await t.ctx({ kind: 'public' }), tender.lotId)).payload)
  expect(close_.leaves.map((l: { state: string }) => l.state)).toEqual([
    'replaced',
    'withdrawn',
    'counted',
    'counted',
    'counted',
    'withdrawn',
  ])
})

test('a bidder who releases nothing is 撤销, the others are read out', async () => {
  const { tender, bids } = await aFullTender({ lot: { releaseMode: 'both' } })
  await close(tender)
  for (const one of tender.custodians) await release(t, tender, one)
  for (const one of bids.slice(1)) await release(t, tender, one.bidder)
  await t.tick()
  expect((await publicView(tender)).phase).toBe('releasing')
  await windowOver()
  const view = await publicView(tender)
  expect(view.phase).toBe('objecting')
  expect(view.hall.bids[0]).toMatchObject({ state: 'revoked', failure: { failure: 'no-release', fault: 'bidder' } })
  expect(view.hall.bids.slice(1).every(b => b.state === 'decrypted')).toBe(true)
})

test('too few custodians make every bid 撤回, which is nobody’s fault among the bidders, and the lot stops', async () => {
  const { tender } = await aFullTender()
  await close(tender)
  await release(t, tender, tender.custodians[0]!)
  await windowOver()
  const view = await publicView(tender)
  expect(view.phase).toBe('aborted')
  expect(view.hall.bids.every(b => b.state === 'withdrawn' && b.failure?.fault === 'custodian')).toBe(true)
  expect(view.hall.aborted).toContain('解密成功的投标为 0 个')
})

test('a wrong share is refused by name, the others of the same message count, and a right one may follow', async () => {
  const { tender } = await aFullTender()
  await close(tender)
  const [first, second] = [tender.custodians[0]!, tender.custodians[1]!]
  const wrong = await aRelease(t, tender, first, text => {
    const message = readMessage('tbid/release@1', text)
    const share = unbase64(message.releases[0]!.value)
    share[3]! ^= 1
    return messageText({
      ...message,
      releases: [{ ...message.releases[0]!, value: base64(share) }, ...message.releases.slice(1)],
    })
  })
  const answer = await releaseKeys(await t.ctx(first.actor), wrong)
  expect(answer.refused).toMatchObject([{ part: 'c0', code: 'share-mismatch' }])
  expect(answer.accepted).toHaveLength(3)
  await release(t, tender, second)
  expect((await publicView(tender)).hall.bids.map(b => b.isUnlocked)).toEqual([false, true, true, true])
  await release(t, tender, first)
  await t.tick()
  expect((await publicView(tender)).hall.bids.every(b => b.state === 'decrypted')).toBe(true)
})

test('a wrong bidder part may be corrected in time; left wrong it is the bidder’s fault', async () => {
  const { tender, bids } = await aFullTender({ lot: { releaseMode: 'both' } }, 5)
  await close(tender)
  const spoil = (text: string) => {
    const message = readMessage('tbid/release@1', text)
    return messageText({ ...message, releases: message.releases.map(r => ({ ...r, value: base64(nodeRandom(32)) })) })
  }
  for (const one of bids.slice(0, 2)) {
    const answer = await releaseKeys(await t.ctx(one.bidder.actor), await aRelease(t, tender, one.bidder, spoil))
    expect(answer.accepted).toHaveLength(1)
  }
  for (const one of tender.custodians) await release(t, tender, one)
  for (const one of bids.slice(1)) await release(t, tender, one.bidder)
  await windowOver()
  const view = await publicView(tender)
  expect(view.hall.bids.map(b => b.state)).toEqual(['revoked', 'decrypted', 'decrypted', 'decrypted', 'decrypted'])
  expect(view.hall.bids[0]!.failure).toMatchObject({ failure: 'wrong-key', fault: 'bidder' })
})

test('a price file damaged before it was signed is the bidder’s fault; one that the platform damaged is not', async () => {
  const damage = (role: string, sealed: Uint8Array) => {
    if (role !== 'price') return sealed
    const changed = Uint8Array.from(sealed)
    changed[changed.length - 1]! ^= 1
    return changed
  }
  const { tender } = await aFullTender({}, 3)
  await aSealedBid(t, tender, { damage })
  const stored = await aSealedBid(t, tender)
  await close(tender)
  const [row] = await db().select().from(bid).where(eq(bid.organisationId, stored.bidder.actor.organisationId))
  const files = await db().select().from(bidFile).where(eq(bidFile.bidId, row!.id))
  const path = join(uploadFolder(t.platform), files.find(f => f.role === 'price')!.uploadId)
  const bytes = readFileSync(path)
  bytes[bytes.length - 9]! ^= 1
  writeFileSync(path, bytes)
  for (const one of tender.custodians) await release(t, tender, one)
  await t.tick()
  const view = await publicView(tender)
  expect(view.hall.bids.map(b => b.state)).toEqual(['decrypted', 'decrypted', 'decrypted', 'revoked', 'withdrawn'])
  expect(view.hall.bids[3]!.failure).toMatchObject({ failure: 'file-corrupt', fault: 'bidder' })
  expect(view.hall.bids[4]!.failure).toMatchObject({ failure: 'storage-damaged', fault: 'platform' })
})

test('words win over figures and a price above the ceiling is read out, both marked for the committee', async () => {
  const { tender } = await aFullTender({}, 2)
  await aSealedBid(t, tender, { price: { priceFen: '100', priceWords: '壹仟万元整' } })
  await aSealedBid(t, tender, { price: { priceFen: '1200000001' } })
  await aSealedBid(t, tender, { contents: [{ role: 'price', bytes: new Uint8Array(Buffer.from('{"price":1}')) }] })
  await close(tender)
  for (const one of tender.custodians) await release(t, tender, one)
  await t.tick()
  const [, , words, high, broken] = (await publicView(tender)).hall.bids
  expect(words!.read).toMatchObject({ priceFen: '1000000000', flags: ['words-differ'] })
  expect(high!.read).toMatchObject({ priceFen: '1200000001', flags: ['above-ceiling'] })
  expect(broken).toMatchObject({ state: 'refused', failure: { failure: 'price-unreadable' } })
})

test('another file that cannot be opened is told to the committee and changes nothing of the read-out', async () => {
  const damage = (role: string, sealed: Uint8Array) => {
    if (role !== 'technical') return sealed
    const changed = Uint8Array.from(sealed)
    changed[changed.length - 1]! ^= 1
    return changed
  }
  const { tender } = await aFullTender({}, 2)
  await aSealedBid(t, tender, { damage })
  await close(tender)
  for (const one of tender.custodians) await release(t, tender, one)
  await t.tick()
  const last = (await publicView(tender)).hall.bids[2]!
  expect(last).toMatchObject({ state: 'decrypted', files: { problems: [{ role: 'technical', problem: 'file-corrupt' }] } })
})

test('the same message a hundred times is one message, and its parts are kept once', async () => {
  const { tender } = await aFullTender()
  await close(tender)
  const message = await aRelease(t, tender, tender.custodians[0]!)
  const first = await releaseKeys(await t.ctx(tender.custodians[0]!.actor), message)
  const rest = await Promise.all(
    Array.from({ length: 100 }, async () => releaseKeys(await t.ctx(tender.custodians[0]!.actor), message)),
  )
  for (const answer of rest) expect(answer).toEqual(first)
  const kept = await db().select().from(releaseMessage).where(eq(releaseMessage.lotId, tender.lotId))
  expect(kept).toMatchObject([{ no: 1, accepted: 4, refused: [] }])
})

test('a release for another lot, by somebody else’s hand, for a part that is not one’s own, or badly signed is refused', async () => {
  const [{ tender }, { tender: other }] = [await aFullTender({}, 3), await aFullTender({}, 3)]
  await close(tender)
  await close(other)
  const [holder, stranger] = [tender.custodians[0]!, tender.custodians[1]!]
  const message = await aRelease(t, tender, holder)
  const ctx = await t.ctx(holder.actor)
  await expect(releaseKeys(ctx, { ...message, lotId: other.lotId })).rejects.toMatchObject({ code: 'wrong-lot' })
  await expect(t.ctx(stranger.actor).then(c => releaseKeys(c, message))).rejects.toMatchObject({ code: 'not-allowed' })
  const cms = unbase64(await signText('something else', holder.signer))
  await expect(releaseKeys(ctx, { ...message, cms })).rejects.toMatchObject({ code: 'bad-signature' })
  await expect(releaseKeys(ctx, { ...message, message: '{}' })).rejects.toMatchObject({ code: 'bad-input' })
  const notOwn = await aRelease(t, tender, holder, text => text.replaceAll('"part":"c0"', '"part":"c1"'))
  expect((await releaseKeys(ctx, notOwn)).refused.every(r => r.code === 'not-yours')).toBe(true)
})

test('before the deadline a release is refused, recorded without a trace of who, and the supervisor is alarmed', async () => {
  const { tender } = await aFullTender({}, 3)
  const supervisor = await anActor(t, 'supervisor')
  await db().update(person).set({ phone: '13900000001' }).where(eq(person.id, supervisor.personId))
  const { platform, project, lot: lotId, round } = tender.policy.message
  const holder = tender.custodians[0]!
  const text = messageText({
    t: 'tbid/release@1',
    platform,
    project,
    lot: lotId,
    round,
    org: holder.actor.organisationId,
    stage: 'main',
    checkpoint: { size: 16, root: '0'.repeat(64) },
    releases: [{ statement: '0'.repeat(64), part: 'c0', value: base64(nodeRandom(33)) }],
  })
  const early = { lotId: tender.lotId, message: text, cms: unbase64(await signText(text, holder.signer)) }
  const before = (await db().select().from(notification)).length
  await expect(t.ctx(holder.actor).then(ctx => releaseKeys(ctx, early))).rejects.toMatchObject({ code: 'opening-not-due' })
  expect((await db().select().from(notification)).length).toBe(before + 1)
  await t.platform.sequencer.flush()
  const { rows } = await t.platform.database.pool.query(`select lot_id, action from log_payload order by idx desc limit 1`)
  expect(rows).toEqual([{ lot_id: null, action: null }])
  expect(await db().select().from(releaseMessage).where(eq(releaseMessage.lotId, tender.lotId))).toHaveLength(0)
})

test('without a cosignature nothing can be released, until the supervisor allows it on the time-stamp alone', async () => {
  const { tender } = await aFullTender({}, 3)
  const supervisor = await anActor(t, 'supervisor')
  await afterDeadline(t, tender)
  await t.tick()
  const holder = tender.custodians[0]!
  await expect(t.ctx(holder.actor).then(ctx => readReleaseBundle(ctx, tender.lotId))).rejects.toMatchObject({ code: 'not-found' })
  await expect(t.ctx({ kind: 'public' }).then(ctx => readClose(ctx, tender.lotId))).rejects.toMatchObject({ code: 'not-found' })
  const act = async () => allowReleaseByTimestamp(await t.ctx(supervisor), { lotId: tender.lotId, reason: '见证机停电' })
  await expect(act()).rejects.toMatchObject({ code: 'opening-not-due' })
  await t.pass(121_000)
  await act()
  const served = await readClose(await t.ctx({ kind: 'public' }), tender.lotId)
  expect(served.tsa).not.toBeNull()
  expect((await publicView(tender)).hall.releaseBasis).toBe('timestamp')
})

test('after the window a release is refused, and recorded as evidence', async () => {
  const { tender } = await aFullTender({}, 3)
  await close(tender)
  const message = await aRelease(t, tender, tender.custodians[0]!)
  await t.pass(61_000)
  await expect(t.ctx(tender.custodians[0]!.actor).then(ctx => releaseKeys(ctx, message))).rejects.toMatchObject({
    code: 'release-window-closed',
  })
  await t.platform.sequencer.flush()
  const { rows } = await t.platform.database.pool.query(
    `select action from log_payload where lot_id = $1 order by idx desc limit 1`,
    [tender.lotId],
  )
  expect(rows).toEqual([{ action: 'key.release-late' }])
})

test('before the lot closes no row of a bid stands in clear, and a stage key never does', async () => {
  const { tender } = await aFullTender({}, 3)
  expect(await db().select().from(bid).where(eq(bid.lotId, tender.lotId))).toEqual([])
  expect((await db().select().from(bidAct)).filter(a => a.openedAt === null).length).toBeGreaterThanOrEqual(3)
  await close(tender)
  for (const one of tender.custodians) await release(t, tender, one)
  for (const { box } of await db().select().from(stageKey)) expect(box.length).toBe(32 + 28)
})
