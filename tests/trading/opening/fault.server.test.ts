import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { base64, unbase64 } from '@/crypto/bytes'
import { messageHash, messageText, readMessage } from '@/crypto/messages'
import { nodeRandom } from '@/crypto/suite-node'
import { bid, bidFile } from '@/db/schema/trading/bid'
import {
  type ABid,
  type ATender,
  type AWitness,
  aBidder,
  aRelease,
  aSealedBid,
  aTender,
  aWitness,
  release,
  withSpare,
} from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listLotEntries } from '~/platform/log/read.server'
import { uploadFolder } from '~/trading/bid/upload.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { close, publicView } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

for (const suite of ['intl', 'gm'] as const) {
  test(`${suite}: with its main key lost a bidder releases by its spare certificate and is read out like the others`, async () => {
    const tender = await aTender(t, { lot: { suite, releaseMode: 'both' } })
    const bidder = await withSpare(t, await aBidder(t, suite), suite)
    const own = await aSealedBid(t, tender, { bidder })
    const others = [await aSealedBid(t, tender), await aSealedBid(t, tender)]
    await close(t, witness, tender)
    for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
    const stranger = { ...bidder, key: others[0]!.bidder.key }
    await expect(aRelease(t, tender, stranger)).rejects.toThrow()
    const answer = await release(t, tender, { ...bidder, key: bidder.spare!.key })
    expect(answer).toMatchObject({ accepted: [{ part: 'b' }], refused: [] })
    for (const one of others) await release(t, tender, one.bidder)
    await t.tick()
    const { hall } = await publicView(t, tender)
    expect(hall.bids.map(b => [b.state, b.read?.priceFen])).toEqual(Array(3).fill(['decrypted', '1000000000']))
    expect(own.statement).toContain('tbid/submit@1')
  })
}

const article31 = '《电子招标投标办法》第三十一条'

/** Every cause of failure the platform can tell apart, and what must come of it: 撤销 by the bidder’s own fault, 撤回 by anybody else’s. */
const table = [
  { what: 'its bidder releases nothing', failure: 'no-release', fault: 'bidder', state: 'revoked', article: article31 },
  { what: 'its bidder releases a wrong key', failure: 'wrong-key', fault: 'bidder', state: 'revoked', article: article31 },
  {
    what: 'two custodians send wrong shares',
    failure: 'shares-missing',
    fault: 'custodian',
    state: 'withdrawn',
    article: article31,
  },
  { what: 'it was damaged before its statement', failure: 'file-corrupt', fault: 'bidder', state: 'revoked', article: article31 },
  {
    what: 'the platform changed its bytes',
    failure: 'storage-damaged',
    fault: 'platform',
    state: 'withdrawn',
    article: article31,
  },
  { what: 'the platform lost its file', failure: 'storage-damaged', fault: 'platform', state: 'withdrawn', article: article31 },
  {
    what: 'the platform lost all its files',
    failure: 'storage-damaged',
    fault: 'platform',
    state: 'withdrawn',
    article: article31,
  },
  {
    what: 'its price form is none',
    failure: 'price-unreadable',
    fault: 'bidder',
    state: 'refused',
    article: '《招标投标法》第二十七条',
  },
] as const

const spoilLast = (role: string, sealed: Uint8Array) => {
  const changed = Uint8Array.from(sealed)
  if (role === 'price') changed[changed.length - 1]! ^= 1
  return changed
}

async function pathsOf(one: ABid): Promise<Map<string, string>> {
  const db = t.platform.database.db
  const [row] = await db.select().from(bid).where(eq(bid.organisationId, one.bidder.actor.organisationId))
  const files = await db.select().from(bidFile).where(eq(bidFile.bidId, row!.id))
  return new Map(files.map(f => [f.role, join(uploadFolder(t.platform), f.uploadId)]))
}

/** The same message with other values for the parts of this statement. */
const spoiled = (statement: string) => (text: string) => {
  const message = readMessage('tbid/release@1', text)
  const releases = message.releases.map(one =>
    one.statement === statement ? { ...one, value: base64(unbase64(one.value).map(byte => byte ^ 1)) } : one,
  )
  return messageText({ ...message, releases })
}

async function aTableOfBids(tender: ATender): Promise<ABid[]> {
  const bids: ABid[] = []
  for (const { failure, fault } of table) {
    const damage = failure === 'file-corrupt' ? { damage: spoilLast } : {}
    const rubbish = [{ role: 'price', bytes: nodeRandom(40) }]
    const contents = failure === 'price-unreadable' ? { contents: rubbish } : {}
    bids.push(await aSealedBid(t, tender, { ...damage, ...contents }))
    expect(fault).toBeTruthy()
  }
  for (let i = 0; i < 3; i++) bids.push(await aSealedBid(t, tender))
  return bids
}

test('evidence decides whose fault a closed bid is, by article 31; a wrong share names its author; the others are read out', async () => {
  const tender = await aTender(t, { lot: { releaseMode: 'both' } })
  const bids = await aTableOfBids(tender)
  await close(t, witness, tender)
  const changed = (await pathsOf(bids[4]!)).get('price')!
  writeFileSync(changed, spoilLast('price', new Uint8Array(readFileSync(changed))))
  rmSync((await pathsOf(bids[5]!)).get('price')!)
  for (const path of (await pathsOf(bids[6]!)).values()) rmSync(path)
  const wrongFor = messageHash(bids[2]!.statement)
  for (const one of tender.custodians.slice(0, 2))
    await releaseKeys(await t.ctx(one.actor), await aRelease(t, tender, one, spoiled(wrongFor)))
  await releaseKeys(
    await t.ctx(bids[1]!.bidder.actor),
    await aRelease(t, tender, bids[1]!.bidder, spoiled(messageHash(bids[1]!.statement))),
  )
  await expect(aRelease(t, tender, bids[6]!.bidder)).rejects.toThrow()
  for (const one of bids.filter((_, i) => ![0, 1, 6].includes(i))) await release(t, tender, one.bidder)
  await t.pass(61_000)
  await t.tick()
  const { hall } = await publicView(t, tender)
  expect(hall.bids.slice(0, table.length).map(b => ({ ...b.failure, state: b.state }))).toMatchObject(
    table.map(({ failure, fault, state, article }) => ({ failure, fault, state, article })),
  )
  expect(hall.bids.slice(table.length).map(b => b.state)).toEqual(['decrypted', 'decrypted', 'decrypted'])
  await t.platform.sequencer.flush()
  const entries = await listLotEntries(await t.ctx(), tender.lotId)
  const refused = entries
    .filter(one => one.action === 'key.release')
    .flatMap(one => (one.payload as { facts: { releases: { org: string; refused: unknown[] }[] } }).facts.releases)
    .filter(one => one.refused.length > 0)
  expect(refused).toMatchObject(
    tender.custodians.slice(0, 2).map((one, i) => ({
      org: one.actor.organisationId,
      refused: [{ statement: wrongFor, part: `c${i}`, code: 'share-mismatch' }],
    })),
  )
  const failed = entries.filter(one => one.action === 'opening.bid-failed').map(one => one.payload)
  for (const { failure, article } of table) {
    expect(JSON.stringify(failed)).toContain(`"failure":"${failure}"`)
    expect(JSON.stringify(failed)).toContain(article)
  }
})
