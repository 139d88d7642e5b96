// Nothing signed for one lot, round, platform or organisation is taken in another, not even if its own signer signs it anew (crypto.md §10.6).
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Message, messageHash, messageText, readMessage } from '@/crypto/messages'
import { lot } from '@/db/schema/trading/project'
import { aBid, aBidder, type Bidder, bidFiles, sealFor, statementOf, uploadAll } from '@/tests/factories/bid'
import { signText } from '@/tests/factories/certificate'
import { aSealingLot, lotKeyText, type SealingLot } from '@/tests/factories/custody'
import { aRelease, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { close } from '@/tests/trading/opening/hall'
import { commitBid, confirmBid } from '~/trading/bid/commit.server'
import { registerLotKey } from '~/trading/custody/custody-key.server'
import { publishCorrection } from '~/trading/notice/notice.server'
import { releaseKeys } from '~/trading/opening/release.server'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let here: SealingLot
let there: SealingLot

beforeAll(async () => {
  t = await testPlatform()
  here = await aSealingLot(t, { seconds: 3600 })
  there = await aSealingLot(t, { seconds: 3600 })
})
afterAll(() => t.close())

const id = fc.stringMatching(/^[A-Za-z0-9-]{1,40}$/)
/** One or more of the fields that say where a message belongs, with other values. */
const elsewhere = fc
  .record(
    { platform: id, project: id, lot: fc.uuid(), round: fc.integer({ min: 2, max: 99 }), org: fc.uuid() },
    { requiredKeys: [] },
  )
  .filter(change => Object.keys(change).length > 0)
const runs = { numRuns: 25 }
const refusal = { code: expect.stringMatching(/^(wrong-lot|cert-not-bound|not-allowed)$/) }

async function ready(bidder: Bidder) {
  const sealed = await sealFor(here, bidder, bidFiles(here.lotId))
  const uploads = await uploadAll(t, bidder.actor, sealed)
  return { uploads, statement: statementOf(t, here, bidder, { files: sealed.files }) }
}

test('a bid that says it belongs elsewhere is refused here', async () => {
  const bidder = await aBidder(t, here)
  const { uploads, statement } = await ready(bidder)
  await fc.assert(
    fc.asyncProperty(elsewhere, async change => {
      const other = messageText({ ...readMessage('tbid/submit@1', statement), ...change })
      const commit = { lotId: here.lotId, statement: other, cms: await signText(other, bidder.signer), uploads }
      await expect(commitBid(await t.ctx(bidder.actor), commit)).rejects.toMatchObject(refusal)
    }),
    runs,
  )
})

test('the same signed bid is refused in another lot, a later round, on another platform, and by anybody else', async () => {
  const bidder = await aBidder(t, here)
  const { uploads, statement } = await ready(bidder)
  const signed = { statement, cms: await signText(statement, bidder.signer), uploads }
  const replay = async (lotId: string, who = bidder) => commitBid(await t.ctx(who.actor), { lotId, ...signed })
  await expect(replay(there.lotId)).rejects.toMatchObject({ code: 'wrong-lot' })
  await expect(replay(here.lotId, await aBidder(t, here))).rejects.toMatchObject({ code: 'cert-not-bound' })
  const { db } = t.platform.database
  const setRound = (round: number) => db.update(lot).set({ round }).where(sql`id = ${here.lotId}`)
  await setRound(2)
  await expect(replay(here.lotId)).rejects.toMatchObject({ code: 'wrong-lot' })
  await setRound(1)
  const config = t.platform.config as { platformId: string }
  const { platformId } = config
  config.platformId = 'E1100000001'
  await expect(replay(here.lotId)).rejects.toMatchObject({ code: 'wrong-lot' })
  config.platformId = platformId
  await expect(replay(here.lotId)).resolves.toMatchObject({ kind: 'submit' })
})

test('files sealed for elsewhere are refused under a statement that is right', async () => {
  const bidder = await aBidder(t, here)
  const { message, hash } = here.policy
  const bind = {
    project: message.project,
    lot: message.lot,
    round: 1,
    stage: 'main',
    deadline: '2026-12-01T01:30:00Z',
    bidderCert: bidder.signer.fingerprint,
    policy: hash,
  }
  const hex64 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('hex'))
  const bent = fc
    .record(
      { project: id, lot: fc.uuid(), round: fc.integer({ min: 2, max: 9 }), stage: id, bidderCert: hex64, policy: hex64 },
      {
        requiredKeys: [],
      },
    )
    .filter(change => Object.keys(change).length > 0)
  await fc.assert(
    fc.asyncProperty(bent, async change => {
      const sealed = await sealFor(here, bidder, bidFiles(here.lotId), { bind: { ...bind, ...change } })
      const uploads = await uploadAll(t, bidder.actor, sealed)
      const files = sealed.files.map(file => ({ ...file, stage: 'main' }))
      const statement = statementOf(t, here, bidder, { files })
      const commit = { lotId: here.lotId, statement, cms: await signText(statement, bidder.signer), uploads }
      const codes = /^(wrong-lot|policy-mismatch|seal-differs)$/
      await expect(commitBid(await t.ctx(bidder.actor), commit)).rejects.toMatchObject({ code: expect.stringMatching(codes) })
    }),
    runs,
  )
})

test('a confirmation that says it belongs elsewhere is refused here', async () => {
  const made = await aSealingLot(t, { seconds: 3600 })
  const { bidder, statement } = await aBid(t, made)
  await publishCorrection(await t.ctx(made.agency), { lotId: made.lotId, title: '变更', body: '澄清。', affectsBids: false })
  const { project, platform, round } = made.policy.message
  const message: Message<'tbid/confirm@1'> = {
    ...{ t: 'tbid/confirm@1' as const, platform, project, lot: made.lotId, round, policy: made.policy.hash },
    ...{ org: bidder.actor.organisationId, cert: bidder.signer.fingerprint, statement: messageHash(statement) },
    ...{ notice: 'N', noticeHash: '0'.repeat(64) },
  }
  await fc.assert(
    fc.asyncProperty(elsewhere, async change => {
      const other = messageText({ ...message, ...change })
      const commit = { lotId: made.lotId, statement: other, cms: await signText(other, bidder.signer) }
      await expect(confirmBid(await t.ctx(bidder.actor), commit)).rejects.toMatchObject(refusal)
    }),
    runs,
  )
})

test('a custodian’s lot key that says it belongs elsewhere is refused here', async () => {
  const keying = await aSealingLot(t, { state: 'keyed' })
  const { actor, signer, spki } = keying.keepers[0]!
  const scope = { project: keying.project.id, lot: keying.lotId }
  const own = readMessage('tbid/lotkey@1', lotKeyText(t, scope, actor.organisationId, spki))
  await fc.assert(
    fc.asyncProperty(elsewhere, async change => {
      const message = messageText({ ...own, ...change })
      const input = { lotId: keying.lotId, message, cms: await signText(message, signer), wrappedKey: 'AAAA' }
      await expect(registerLotKey(await t.ctx(actor), input)).rejects.toMatchObject(refusal)
    }),
    runs,
  )
})

test('keys released for elsewhere are refused here; what is released here does not open another lot', async () => {
  const witness = await aWitness(t)
  const [tender, other] = [await aTender(t), await aTender(t)]
  for (const one of [tender, other]) for (let i = 0; i < 3; i++) await aSealedBid(t, one)
  await close(t, witness, tender)
  await close(t, witness, other)
  const [holder] = tender.custodians
  await fc.assert(
    fc.asyncProperty(elsewhere, async change => {
      const bend = (text: string) => messageText({ ...readMessage('tbid/release@1', text), ...change })
      const message = await aRelease(t, tender, holder!, bend)
      await expect(releaseKeys(await t.ctx(holder!.actor), message)).rejects.toMatchObject(refusal)
    }),
    { numRuns: 15 },
  )
  const right = await aRelease(t, tender, holder!)
  await expect(releaseKeys(await t.ctx(holder!.actor), { ...right, lotId: other.lotId })).rejects.toMatchObject({
    code: expect.stringMatching(/^(wrong-lot|not-found|not-allowed)$/),
  })
})
