import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { readAnchors as parseAnchors } from '@/crypto/anchors'
import { verifyFile } from '@/crypto/verify/main'
import { bid } from '@/db/schema/trading/bid'
import { anActor } from '@/tests/factories/actor'
import { type ABid, type ATender, type AWitness, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { answer, close, releaseAll } from '@/tests/trading/opening/hall'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { findOpening } from '~/trading/opening/event.server'
import { packedArchive } from './packed'

async function untilPhase(t: TestPlatform, { lotId }: ATender, phase: string) {
  for (let step = 0; step < 20 && (await findOpening(await t.ctx(), lotId))?.phase !== phase; step++) {
    await t.pass(10_000)
    await t.tick()
  }
}

/** The second envelope of all but one is opened, as after a review that found fault with it. */
async function openSecond(t: TestPlatform, witness: AWitness, { lotId, agency }: ATender, out: ABid) {
  const { db } = t.platform.database
  await db.update(bid).set({ firstEnvelope: 'passed' }).where(eq(bid.lotId, lotId))
  await db.update(bid).set({ firstEnvelope: 'rejected' }).where(eq(bid.organisationId, out.bidder.actor.organisationId))
  const act = { lotId, kind: 'second-envelope' as const }
  await proposeAct(await t.ctx(agency), { ...act, cause: 'document', reason: '第一信封评审完毕' })
  await decideAct(await t.ctx(await anActor(t, 'supervisor')), { ...act, approved: true, decision: '' })
  await t.tick()
  await witness.cosign()
  await t.tick()
}

/** The archive of the lot after both sittings, each with the words of its bidders. */
async function anArchive(t: TestPlatform) {
  const witness = await aWitness(t)
  const tender = await aTender(t, { lot: { openingTerms: { envelopes: 2 } } })
  const bids: ABid[] = []
  for (let i = 0; i < 4; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  await releaseAll(t, tender)
  for (const one of bids) await answer(t, tender, one)
  await untilPhase(t, tender, 'intermission')
  await openSecond(t, witness, tender, bids[3]!)
  await releaseAll(t, tender)
  for (const one of bids.slice(0, 3)) await answer(t, tender, one)
  await untilPhase(t, tender, 'recorded')
  return packedArchive(t, witness, tender)
}

test('an archive keeps both records of two envelopes, and the words on the first, where alone a bidder spoke who did not pass', async () => {
  const t = await testPlatform()
  try {
    const zip = await anArchive(t)
    const files = unzipSync(zip)
    const under = (end: string) => Object.keys(files).filter(path => path.endsWith(end))
    const textOf = (path: string) => Buffer.from(files[path]!).toString()
    const hashOf = (path: string) => createHash('sha256').update(files[path]!).digest('hex')
    const words = Object.keys(files).filter(path => /\/confirmations\/(first-)?\d+\.json$/.test(path))
    for (const [record, isFirst, n] of [
      ['/opening/first-record.json', true, 4],
      ['/opening/record.json', false, 3],
    ] as const) {
      const own = words.filter(path => path.includes('/first-') === isFirst)
      expect(own.map(path => JSON.parse(textOf(path)).recordHash)).toEqual(Array(n).fill(hashOf(under(record)[0]!)))
    }
    const anchors = parseAnchors(JSON.parse(JSON.stringify(await readAnchors(await t.ctx()))))
    const { findings } = await verifyFile(zip, { anchors, revocationLists: [] }, new Date())
    expect(findings.filter(f => f.result === 'broken')).toEqual([])
    expect(findings.filter(f => f.code === 'confirmation' && f.result === 'holds').length).toBeGreaterThan(0)
  } finally {
    await t.close()
  }
}, 120_000)
