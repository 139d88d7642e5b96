// A change of the tender document keeps or voids a sealed bid by rule (《招标投标法》23, crypto.md §10.6).
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { messageHash, messageText } from '@/crypto/messages'
import { bid } from '@/db/schema/trading/bid'
import { signText } from '@/tests/factories/certificate'
import { type ABid, type ATender, type AWitness, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readMyBid } from '~/trading/bid/bid.read.server'
import { commitBid, confirmBid } from '~/trading/bid/commit.server'
import { publishCorrection } from '~/trading/notice/notice.server'
import { readClose } from '~/trading/opening/proof.read.server'
import { close, publicView, releaseAll } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

async function confirm(tender: ATender, { bidder, statement }: ABid) {
  const ctx = await t.ctx(bidder.actor)
  const { needsConfirmation } = await readMyBid(ctx, tender.lotId)
  const { platform, project, lot, round } = tender.policy.message
  const text = messageText({
    ...{ t: 'tbid/confirm@1' as const, platform, project, lot, round, policy: tender.policy.hash },
    ...{ org: bidder.actor.organisationId, cert: bidder.signer.certificate.fingerprint, statement: messageHash(statement) },
    ...{ notice: needsConfirmation!.notice, noticeHash: needsConfirmation!.noticeHash },
  })
  return confirmBid(ctx, { lotId: tender.lotId, statement: text, cms: await signText(text, bidder.signer) })
}

test('confirmed, replaced or given after the change: counted; neither: void, never opened; a second change asks again', async () => {
  const tender = await aTender(t)
  const change = async (title: string) =>
    publishCorrection(await t.ctx(tender.agency), { lotId: tender.lotId, title, body: '澄清第三章。', affectsBids: false })
  const [confirmed, replaced, silent, once] = [
    await aSealedBid(t, tender),
    await aSealedBid(t, tender),
    await aSealedBid(t, tender),
    await aSealedBid(t, tender),
  ]
  await change('变更公告一')
  await confirm(tender, once)
  await confirm(tender, confirmed)
  await change('变更公告二')
  await confirm(tender, confirmed)
  const again = await aSealedBid(t, tender, { former: replaced })
  const late = await aSealedBid(t, tender)
  expect((await readMyBid(await t.ctx(silent.bidder.actor), tender.lotId)).needsConfirmation).not.toBeNull()
  expect((await readMyBid(await t.ctx(once.bidder.actor), tender.lotId)).needsConfirmation).not.toBeNull()
  await close(t, witness, tender)
  const rows = await t.platform.database.db.select().from(bid).where(eq(bid.lotId, tender.lotId))
  const stateOf = (one: ABid) => rows.find(row => row.statementHash === messageHash(one.statement))
  expect([confirmed, again, late].map(one => stateOf(one)?.state)).toEqual(['locked', 'locked', 'locked'])
  expect(stateOf(replaced)?.state).toBe('replaced')
  for (const one of [silent, once]) expect(stateOf(one)).toMatchObject({ state: 'refused', reason: 'not-confirmed' })
  const { leaves, counted } = JSON.parse((await readClose(await t.ctx(), tender.lotId)).payload)
  expect(counted).toBe(3)
  expect(leaves.map((leaf: { state: string }) => leaf.state).sort()).toEqual(
    ['confirmation', 'confirmation', 'confirmation', 'counted', 'counted', 'counted', 'replaced', 'void', 'void'].sort(),
  )
  await releaseAll(t, tender)
  const view = await publicView(t, tender)
  expect(view.hall.bids.map(one => one.state)).toEqual(['decrypted', 'decrypted', 'decrypted'])
})

test('a void bid is not confirmed after the deadline, and its statement is no new bid', async () => {
  const tender = await aTender(t)
  for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
  const one = await aSealedBid(t, tender)
  await publishCorrection(await t.ctx(tender.agency), { lotId: tender.lotId, title: '变更', body: '澄清。', affectsBids: false })
  const ctx = await t.ctx(one.bidder.actor)
  const kept = await commitBid(ctx, {
    lotId: tender.lotId,
    statement: one.statement,
    cms: await signText(one.statement, one.bidder.signer),
    uploads: {},
  })
  expect(kept).toMatchObject({ kind: 'submit' })
  expect((await readMyBid(ctx, tender.lotId)).needsConfirmation).not.toBeNull()
  await close(t, witness, tender)
  await expect(confirm(tender, one)).rejects.toMatchObject({ code: 'bidding-closed' })
})
