import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { canonical } from '@/crypto/jcs'
import { checkPdf } from '@/crypto/pdfsign'
import { bid } from '@/db/schema/trading/bid'
import { notice } from '@/db/schema/trading/project'
import { signText } from '@/tests/factories/certificate'
import {
  type ABid,
  type ATender,
  type AWitness,
  aBidder,
  afterDeadline,
  aSealedBid,
  aTender,
  aWitness,
  release,
} from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readFileRow } from '~/platform/files/file.server'
import { findLot } from '~/trading/lot/find-lot.server'
import { answerRecord, answerScope } from '~/trading/opening/answer.server'
import { answerTextOf } from '~/trading/opening/answer-text'
import { findOpening, listEvents } from '~/trading/opening/event.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'
import { readClose } from '~/trading/opening/proof.read.server'
import { readOpening, readPublicOpening } from '~/trading/opening/read.server'

// A whole tender with its keys and papers takes seconds, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const publicView = async (tender: ATender) => readPublicOpening(await t.ctx({ kind: 'public' }), tender.lotId)
const bidsOf = (tender: ATender) => t.platform.database.db.select().from(bid).where(eq(bid.lotId, tender.lotId))

/** Closes the lot by the clock and lets the witness cosign: from here keys may be released. */
async function close(tender: ATender) {
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
}

async function agree(tender: ATender, one: ABid, answer: 'no-objection' | 'objection' = 'no-objection', text = '') {
  const ctx = await t.ctx(one.bidder.actor)
  const [found, row] = [await findLot(ctx, tender.lotId), (await findOpening(ctx, tender.lotId))!]
  const signed = answerTextOf(answerScope(ctx, found, row, one.bidder.actor.organisationId), { answer, text })
  expect(signed).toBe(canonical(JSON.parse(signed)))
  const cms = new Uint8Array(Buffer.from(await signText(signed, one.bidder.signer), 'base64'))
  return answerRecord(ctx, { lotId: tender.lotId, answer, text, cms })
}

for (const [releaseMode, suite] of [
  ['custody', 'intl'],
  ['both', 'intl'],
  ['both', 'gm'],
  ['bidder', 'intl'],
  ['rescue', 'intl'],
] as const) {
  test(`a lot in mode ${releaseMode} (${suite}) opens by the clock, is read out, confirmed, recorded and published`, async () => {
    const isBidderAlone = releaseMode === 'bidder'
    const tender = await aTender(t, { lot: { releaseMode, suite, threshold: isBidderAlone ? 0 : 2 } })
    const bids = [
      await aSealedBid(t, tender),
      await aSealedBid(t, tender, { price: { priceFen: '900000000' } }),
      await aSealedBid(t, tender),
    ]
    const before = await publicView(tender)
    expect(before.phase).toBe('sign-in')
    expect(before.hall.bids).toEqual([])
    await close(tender)
    expect((await publicView(tender)).phase).toBe('releasing')
    if (releaseMode !== 'custody') for (const one of bids) await release(t, tender, one.bidder)
    if (releaseMode !== 'bidder' && releaseMode !== 'rescue')
      for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
    await t.tick()
    const read = await publicView(tender)
    expect(read.phase).toBe('objecting')
    expect(read.hall.bids.map(b => b.read?.priceFen)).toEqual(['1000000000', '900000000', '1000000000'])
    expect(read.hall.bids.every(b => b.files?.files === 2)).toBe(true)
    for (const one of bids) await agree(tender, one)
    await t.tick()
    expect((await publicView(tender)).phase).toBe('signing')
    await t.pass(11_000)
    await t.tick()
    const done = await publicView(tender)
    expect(done.phase).toBe('recorded')
    const ctx = await t.ctx({ kind: 'public' })
    const paper = (await listPapers(ctx, tender.lotId)).find(p => p.kind === 'opening-record')
    const pdf = await t.platform.store.read((await readPaperFile(ctx, paper!.id)).id)
    expect(checkPdf(pdf)).toMatchObject([{ ok: true, coversFile: true }])
    const { lot, bids: opened } = await readOpening(ctx, tender.lotId)
    expect(lot.state).toBe('opened')
    for (const one of opened) {
      for (const file of one.files) expect((await readFileRow(ctx, file.plainFileId!)).audience).toBe('committee')
    }
    const notices = await t.platform.database.db.select().from(notice).where(eq(notice.lotId, tender.lotId))
    expect(notices.filter(n => n.kind === 'opening')).toHaveLength(1)
  })
}

test('events of a hall are numbered without gaps and fold to what the public reads', async () => {
  const tender = await aTender(t)
  const bidder = await aBidder(t)
  await aSealedBid(t, tender, { bidder })
  for (let i = 0; i < 2; i++) await aSealedBid(t, tender)
  await close(tender)
  for (const one of tender.custodians) await release(t, tender, one)
  await t.tick()
  const events = await listEvents(await t.ctx(), tender.lotId)
  expect(events.map(e => e.seq)).toEqual(events.map((_, i) => i + 1))
  expect((await bidsOf(tender)).every(b => b.state === 'decrypted')).toBe(true)
  expect((await readClose(await t.ctx({ kind: 'public' }), tender.lotId)).payload).toContain('"counted":3')
})
