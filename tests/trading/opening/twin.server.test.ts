import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { bidTwin } from '@/db/schema/trading/opening-act'
import { anActor } from '@/tests/factories/actor'
import {
  type ABid,
  type ATender,
  type AWitness,
  anUpload,
  aSealedBid,
  aTender,
  aWitness,
  release,
} from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { readFileRow } from '~/platform/files/file.server'
import { listLotEntries } from '~/platform/log/read.server'
import { uploadFolder } from '~/trading/bid/upload.server'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { findOpening } from '~/trading/opening/event.server'
import { handInTwin } from '~/trading/opening/hand-in-twin.server'
import { unpackLot } from '~/trading/opening/read-out.server'
import { close, publicView } from './hall'

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

const db = () => t.platform.database.db

/** A closed lot of three bids in mode both whose document gives twin files; the keys of all but the first are released. */
async function aLotWithOneShut(wish: { suite?: 'intl' | 'gm'; remedies?: string[]; lost?: boolean } = {}) {
  const { suite = 'intl', remedies = ['twin'], lost = false } = wish
  const tender = await aTender(t, { lot: { suite, releaseMode: 'both', openingTerms: { remedies } } })
  const bids = []
  for (let i = 0; i < 3; i++) bids.push(await aSealedBid(t, tender, { price: { priceFen: `90000000${i}` } }))
  await close(t, witness, tender)
  if (lost) await losePrice(bids[0]!)
  for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
  for (const one of bids.slice(lost ? 0 : 1)) await release(t, tender, one.bidder)
  return { tender, bids, own: bids[0]! }
}

async function losePrice(one: ABid) {
  const [row] = await db().select().from(bid).where(eq(bid.organisationId, one.bidder.actor.organisationId))
  const [file] = await db()
    .select()
    .from(bidFile)
    .where(and(eq(bidFile.bidId, row!.id), eq(bidFile.role, 'price')))
  rmSync(join(uploadFolder(t.platform), file!.uploadId))
}

async function twinOf(one: ABid, change: (role: string, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes) {
  return Promise.all(
    one.kept.map(async ({ fileId, role, bytes, twinSalt }) => {
      const uploadId = await anUpload(t, one.bidder, change(role, bytes))
      return { fileId, twinSalt, uploadId, name: `${role}.bin`, type: 'application/octet-stream' }
    }),
  )
}

const handIn = async ({ lotId }: ATender, one: ABid, files?: Awaited<ReturnType<typeof twinOf>>) =>
  handInTwin(await t.ctx(one.bidder.actor), { lotId, files: files ?? (await twinOf(one)) })

const propose = async ({ lotId, agency }: ATender, nos?: number[]) =>
  proposeAct(await t.ctx(agency), { lotId, kind: 'twin', cause: 'document', reason: '招标文件第 5.2 条', nos })

const decide = async ({ lotId }: ATender, approved = true) =>
  decideAct(await t.ctx(supervisor), { lotId, kind: 'twin', approved, decision: '' })

const windowOver = async () => {
  await t.pass(61_000)
  await t.tick()
}

const entriesOf = async ({ lotId }: ATender) => {
  await t.platform.sequencer.flush()
  return listLotEntries(await t.ctx(), lotId)
}

for (const suite of ['intl', 'gm'] as const) {
  test(`${suite}: a twin that fits, handed in before the window ended, is admitted by two and read out as a twin's`, async () => {
    const { tender, own } = await aLotWithOneShut({ suite })
    expect(await handIn(tender, own)).toEqual({ no: 1 })
    await handIn(tender, own)
    expect(await db().select().from(bidTwin).where(eq(bidTwin.lotId, tender.lotId))).toMatchObject([{ state: 'handed' }])
    await expect(propose(tender)).rejects.toMatchObject({ code: 'wrong-state' })
    await windowOver()
    const waiting = (await publicView(t, tender)).hall
    expect(waiting).toMatchObject({ phase: 'reading', twins: [1] })
    expect(waiting.bids[0]).toMatchObject({ state: 'revoked', failure: { failure: 'no-release' } })
    expect(waiting.endsAt).not.toBeNull()
    await propose(tender)
    await decide(tender)
    const { hall } = await publicView(t, tender)
    expect(hall).toMatchObject({ phase: 'objecting', twins: [] })
    expect(hall.bids.map(b => [b.state, b.read?.priceFen])).toEqual([0, 1, 2].map(i => ['decrypted', `90000000${i}`]))
    expect(hall.bids.map(b => b.read?.flags.includes('by-twin'))).toEqual([true, false, false])
    await unpackLot(await t.ctx(), { lotId: tender.lotId })
    const [row] = await db().select().from(bid).where(eq(bid.organisationId, own.bidder.actor.organisationId))
    const files = await db().select().from(bidFile).where(eq(bidFile.bidId, row!.id))
    expect(files.map(f => [f.plainFileId !== null, f.problem])).toEqual([
      [true, null],
      [true, null],
    ])
    const technical = await readFileRow(await t.ctx(), files.find(f => f.role === 'technical')!.plainFileId!)
    expect(technical).toMatchObject({ audience: 'committee', size: own.kept[1]!.bytes.length })
    const actions = (await entriesOf(tender)).map(one => one.action)
    expect(actions).toEqual(
      expect.arrayContaining(['opening.hand-in-twin', 'opening.await-twins', 'opening.decide', 'opening.read']),
    )
  })
}

test('a file that is not the committed one is refused, and everybody is told whose it was; the right one may follow', async () => {
  const { tender, own } = await aLotWithOneShut()
  const changed = await twinOf(own, (role, bytes) => (role === 'price' ? Uint8Array.from([...bytes, 32]) : bytes))
  await expect(handIn(tender, own, changed)).rejects.toMatchObject({ code: 'twin-differs', facts: { role: 'price' } })
  const salted = (await twinOf(own)).map(file => ({ ...file, twinSalt: Buffer.alloc(32).toString('base64') }))
  await expect(handIn(tender, own, salted)).rejects.toMatchObject({ code: 'twin-differs' })
  await expect(handIn(tender, own, (await twinOf(own)).slice(0, 1))).rejects.toMatchObject({ code: 'twin-incomplete' })
  const refused = (await entriesOf(tender)).filter(one => one.action === 'opening.refuse-twin')
  expect(refused).toHaveLength(2)
  expect(JSON.stringify(refused[0]!.payload)).toContain(own.bidder.actor.organisationName)
  expect(await db().select().from(bidTwin).where(eq(bidTwin.lotId, tender.lotId))).toEqual([])
  expect(await handIn(tender, own)).toEqual({ no: 1 })
})

test('whoever released nothing and has no twin in hand when the window ends is not waited for, and comes too late', async () => {
  const { tender, own } = await aLotWithOneShut()
  await t.pass(61_000)
  await expect(handIn(tender, own)).rejects.toMatchObject({ code: 'twin-too-late' })
  await t.tick()
  // Two of three are left, which is too few: nothing was waited for.
  expect((await publicView(t, tender)).phase).toBe('aborted')
})

test('when the platform lost the file the reading waits for the twin, and the end of that time is the end', async () => {
  const { tender, own } = await aLotWithOneShut({ lost: true })
  await t.tick()
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'reading' })
  const row = (await findOpening(await t.ctx(), tender.lotId))!
  expect(row.twinEndsAt!.getTime() - (await t.ctx()).now.getTime()).toBeGreaterThan(50_000)
  await handIn(tender, own)
  await propose(tender, [1])
  await decide(tender)
  expect((await publicView(t, tender)).hall.bids[0]).toMatchObject({ state: 'decrypted', read: { flags: ['by-twin'] } })
  expect((await publicView(t, tender)).phase).toBe('objecting')
  const { tender: silent } = await aLotWithOneShut({ lost: true })
  await t.tick()
  await t.pass(30_000)
  await t.tick()
  expect((await publicView(t, silent)).phase).toBe('reading')
  await t.pass(31_000)
  await t.tick()
  expect((await publicView(t, silent)).phase).toBe('aborted')
})

test('a twin nobody decides on has as long again, then lapses; a declined one is not waited for', async () => {
  const { tender, own } = await aLotWithOneShut({ lost: true })
  await t.tick()
  await handIn(tender, own)
  await windowOver()
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'reading', twins: [1] })
  await windowOver()
  expect((await publicView(t, tender)).hall).toMatchObject({ phase: 'aborted', twins: [] })
  expect(await db().select().from(bidTwin).where(eq(bidTwin.lotId, tender.lotId))).toMatchObject([{ state: 'lapsed' }])
  const other = await aLotWithOneShut({ lost: true })
  await t.tick()
  await handIn(other.tender, other.own)
  await propose(other.tender)
  await decide(other.tender, false)
  expect((await publicView(t, other.tender)).phase).toBe('aborted')
  expect(await db().select().from(bidTwin).where(eq(bidTwin.lotId, other.tender.lotId))).toMatchObject([{ state: 'declined' }])
})

test('of two envelopes the twin is of the first alone: what it holds counts as opened, and its price stays sealed', async () => {
  const tender = await aTender(t, { lot: { releaseMode: 'both', openingTerms: { envelopes: 2, remedies: ['twin'] } } })
  const bids: ABid[] = []
  for (let i = 0; i < 3; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
  for (const one of bids.slice(1)) await release(t, tender, one.bidder)
  const own = bids[0]!
  const first = own.kept.filter(file => file.role === 'technical')
  await expect(handIn(tender, own)).rejects.toMatchObject({ code: 'twin-incomplete' })
  await handIn(tender, { ...own, kept: first })
  await windowOver()
  await propose(tender)
  await decide(tender)
  const { hall } = await publicView(t, tender)
  expect(hall.bids.map(b => b.state)).toEqual(['decrypted', 'decrypted', 'decrypted'])
  expect(hall.bids.map(b => b.read)).toEqual([null, null, null])
  expect(hall.phase).toBe('objecting')
})

test('not before the close, not where the document is silent, not for a bid that was read, not by somebody else', async () => {
  const open = await aTender(t, { lot: { openingTerms: { remedies: ['twin'] } } })
  const early = await aSealedBid(t, open)
  await expect(handIn(open, early)).rejects.toMatchObject({ code: 'opening-not-due' })
  const silent = await aLotWithOneShut({ remedies: ['restart'] })
  await expect(handIn(silent.tender, silent.own)).rejects.toMatchObject({ code: 'remedy-not-offered' })
  const { tender, bids, own } = await aLotWithOneShut()
  await expect(handIn(tender, bids[1]!)).rejects.toMatchObject({ code: 'twin-not-needed' })
  await expect(handIn(tender, early)).rejects.toMatchObject({ code: 'no-bid' })
  const foreign = await twinOf(own)
  await expect(handIn(tender, { ...own, bidder: bids[1]!.bidder }, foreign)).rejects.toMatchObject({ code: 'twin-not-needed' })
  await expect(handInTwin(await t.ctx(tender.agency), { lotId: tender.lotId, files: foreign })).rejects.toMatchObject({
    code: 'not-allowed',
  })
})
