import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anchors, readAnchors as parseAnchors } from '@/crypto/anchors'
import { verifyFile } from '@/crypto/verify/main'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { anActor } from '@/tests/factories/actor'
import { type ABid, anUpload, aSealedBid, aTender, aWitness, release } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { close } from '@/tests/trading/opening/hall'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { uploadFolder } from '~/trading/bid/upload.server'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { handInTwin } from '~/trading/opening/hand-in-twin.server'
import { packedArchive } from './packed'

let t: TestPlatform
let anchors: Anchors
let zip: Uint8Array

async function lose(one: ABid) {
  const { db } = t.platform.database
  const [row] = await db.select().from(bid).where(eq(bid.organisationId, one.bidder.actor.organisationId))
  const files = await db.select().from(bidFile).where(eq(bidFile.bidId, row!.id))
  for (const { uploadId } of files) rmSync(join(uploadFolder(t.platform), uploadId))
}

beforeAll(async () => {
  t = await testPlatform()
  const witness = await aWitness(t)
  const tender = await aTender(t, { lot: { releaseMode: 'both', openingTerms: { remedies: ['twin'] } } })
  const bids: ABid[] = []
  for (let i = 0; i < 5; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  for (const one of bids.slice(3)) await lose(one)
  for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
  for (const one of bids.slice(0, 3)) await release(t, tender, one.bidder)
  const files = []
  for (const { fileId, role, bytes, twinSalt } of bids[3]!.kept) {
    const uploadId = await anUpload(t, bids[3]!.bidder, bytes)
    files.push({ fileId, twinSalt, uploadId, name: `${role}.bin`, type: 'application/octet-stream' })
  }
  await handInTwin(await t.ctx(bids[3]!.bidder.actor), { lotId: tender.lotId, files })
  await t.pass(61_000)
  await t.tick()
  const act = { lotId: tender.lotId, kind: 'twin' as const }
  await proposeAct(await t.ctx(tender.agency), { ...act, cause: 'document', reason: '平台遗失密文' })
  await decideAct(await t.ctx(await anActor(t, 'supervisor')), { ...act, approved: true, decision: '' })
  await t.pass(61_000)
  await t.tick()
  await t.tick()
  anchors = parseAnchors(JSON.parse(JSON.stringify(await readAnchors(await t.ctx()))))
  zip = await packedArchive(t, witness, tender)
}, 120_000)
afterAll(() => t.close())

const verify = (bytes: Uint8Array) => verifyFile(bytes, { anchors, revocationLists: [] }, new Date())

test('an archive proves what was read from a twin against the statement, and says what the platform lost', async () => {
  const report = await verify(zip)
  expect(report.findings.filter(f => f.result === 'broken')).toEqual([])
  expect(report.findings.filter(f => f.code === 'twin' && f.result === 'holds')).toHaveLength(2)
  expect(report.findings.filter(f => f.code === 'sealed').map(f => f.result)).toEqual(['noted'])
  expect(report.exitCode).toBe(0)
})

test('a twin changed by one byte is not what was committed', async () => {
  const files = unzipSync(zip)
  const folder = Object.keys(files)
    .find(name => name.endsWith('/bid.json') && /"twinSalt":\s*"/.test(Buffer.from(files[name]!).toString()))!
    .replace('bid.json', '')
  const path = `${folder}opened/price/price.bin`
  files[path] = Uint8Array.from([...files[path]!, 32])
  const broken = (await verify(zipSync(files, { level: 0 }))).findings.filter(f => f.result === 'broken')
  expect(broken.map(f => f.code)).toEqual(expect.arrayContaining(['twin']))
})
