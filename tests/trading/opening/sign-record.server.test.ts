import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkDetached } from '@/crypto/cms-verify'
import { checkPdf } from '@/crypto/pdfsign'
import { anActor } from '@/tests/factories/actor'
import { type ASigner, aSigner } from '@/tests/factories/certificate'
import { type ABid, type ATender, type AWitness, aBidder, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { findOpening, listEvents } from '~/trading/opening/event.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'
import { listRecordSignatures } from '~/trading/opening/record-signers.server'
import { answer, close, publicView, releaseAll, sha256, signTheRecord } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness
let supervisor: PersonActor
let supervisorSigner: ASigner

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  supervisor = await anActor(t, 'supervisor', { name: '招标投标监督管理处' })
  supervisorSigner = await aSigner(t, supervisor, { algorithm: 'rsa' })
})
afterAll(() => t.close())

/** A lot whose record waits for its signatures; the last bidder said nothing. */
async function aSealedRecord(suite: 'intl' | 'gm' = 'intl') {
  const tender = await aTender(t, { lot: { suite } })
  const bids = []
  for (let i = 0; i < 4; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  await releaseAll(t, tender)
  await answer(t, tender, bids[0]!, 'objection', '请说明最高投标限价的依据。')
  for (const one of bids.slice(1, 3)) await answer(t, tender, one)
  await t.pass(21_000)
  await t.tick()
  await t.pass(21_000)
  await t.tick()
  await t.tick()
  return { tender, bids }
}

const openingOf = async ({ lotId }: ATender) => (await findOpening(await t.ctx(), lotId))!
const bySigner = (tender: ATender, { bidder }: ABid) => signTheRecord(t, tender, bidder.actor, bidder.signer)

async function published(tender: ATender): Promise<Uint8Array> {
  const ctx = await t.ctx({ kind: 'public' })
  const paper = (await listPapers(ctx, tender.lotId)).find(p => p.kind === 'opening-record')!
  return t.platform.store.read((await readPaperFile(ctx, paper.id)).id)
}

test('host, bidders and supervisor sign one PDF one after the other, each signature stays valid, and it is then published', async () => {
  const { tender, bids } = await aSealedRecord()
  expect(await publicView(t, tender)).toMatchObject({ phase: 'signing' })
  const view = (await publicView(t, tender)).hall
  expect(view.signers.map(s => [s.role, s.hasSigned])).toEqual([
    ['host', false],
    ['bidder', false],
    ['bidder', false],
    ['bidder', false],
    ['supervisor', false],
  ])
  for (const one of bids.slice(0, 3)) await (await bySigner(tender, one)).send()
  await (await signTheRecord(t, tender, tender.agency, tender.agencySigner)).send()
  expect((await openingOf(tender)).recordVersion).toBe(5)
  await (await signTheRecord(t, tender, supervisor, supervisorSigner)).send()
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('recorded')
  const pdf = await published(tender)
  const signatures = checkPdf(pdf)
  expect(signatures.map(s => [s.ok, s.coversFile])).toEqual([...Array(5).fill([true, false]), [true, true]])
  expect(signatures.every(s => s.timeStamp)).toBe(true)
  const names = signatures.map(s => s.signer!.subject.organisation)
  expect(names.slice(-2)).toEqual([tender.agency.organisationName, supervisor.organisationName])
  const folder = mkdtempSync(join(tmpdir(), 'record-'))
  writeFileSync(join(folder, 'record.pdf'), pdf)
  const seen = execFileSync('pdfsig', ['-nocert', 'record.pdf'], { cwd: folder, encoding: 'utf8' })
  expect(seen.match(/Signature is Valid/g)).toHaveLength(6)
})

test('two who sign at once queue: the second is told that the record moved, signs again, and nothing is lost or doubled', async () => {
  const { tender, bids } = await aSealedRecord()
  const [first, second] = [await bySigner(tender, bids[0]!), await bySigner(tender, bids[1]!)]
  const both = await Promise.allSettled([first.send(), second.send()])
  expect(both.map(b => b.status).sort()).toEqual(['fulfilled', 'rejected'])
  const lost = both.find(b => b.status === 'rejected')!
  expect(lost).toMatchObject({ reason: { code: 'record-moved' } })
  const [winner, loser] = both[0]!.status === 'fulfilled' ? [first, bids[1]!] : [second, bids[0]!]
  expect(await winner.send()).toMatchObject({ version: 2, form: 'pdf' })
  expect(await (await bySigner(tender, loser)).send()).toMatchObject({ version: 3 })
  const row = await openingOf(tender)
  expect(await listRecordSignatures(await t.ctx(), row)).toHaveLength(2)
  expect(checkPdf(await t.platform.store.read(row.recordFileId!)).map(s => s.ok)).toEqual([true, true, true])
  const events = await listEvents(await t.ctx(), tender.lotId)
  expect(events.filter(e => e.kind === 'signed')).toHaveLength(2)
  expect(events.map(e => e.seq)).toEqual(events.map((_, i) => i + 1))
})

test('who is not to sign, a silent bidder, a wrong digest, a foreign certificate and a second signature are refused', async () => {
  const { tender, bids } = await aSealedRecord()
  await expect(bySigner(tender, bids[3]!)).rejects.toMatchObject({ code: 'not-a-signer' })
  const stranger = await aBidder(t)
  await expect(signTheRecord(t, tender, stranger.actor, stranger.signer)).rejects.toMatchObject({ code: 'not-a-signer' })
  const [own, other] = [bids[0]!.bidder, bids[1]!.bidder]
  const foreign = await signTheRecord(t, tender, own.actor, other.signer)
  await expect(foreign.send()).rejects.toMatchObject({ code: 'cert-not-bound' })
  const stale = await bySigner(tender, bids[0]!)
  const fresh = await bySigner(tender, bids[0]!)
  await expect(stale.send()).rejects.toMatchObject({ code: 'record-moved' })
  await fresh.send()
  await expect(bySigner(tender, bids[0]!)).rejects.toMatchObject({ code: 'already-done' })
  await t.pass(11_000)
  await expect(bySigner(tender, bids[1]!)).rejects.toMatchObject({ code: 'signing-closed' })
  await t.tick()
  expect((await publicView(t, tender)).phase).toBe('recorded')
  expect(checkPdf(await published(tender)).map(s => s.ok)).toEqual([true, true])
})

test('an SM2 signature stays beside the PDF, over the beginning of what is published', async () => {
  const { tender, bids } = await aSealedRecord('gm')
  const beside = await bySigner(tender, bids[0]!)
  await (await signTheRecord(t, tender, supervisor, supervisorSigner)).send()
  expect(await beside.send()).toEqual({ version: 2, form: 'detached' })
  await t.pass(11_000)
  await t.tick()
  const pdf = await published(tender)
  expect(checkPdf(pdf).map(s => s.ok)).toEqual([true, true])
  const row = await openingOf(tender)
  const kept = (await listRecordSignatures(await t.ctx(), row)).find(s => s.form === 'detached')!
  const over = pdf.subarray(0, kept.size)
  expect(checkDetached(kept.cms, over).ok).toBe(true)
  expect(sha256(over)).toBe(sha256(await t.platform.store.read(kept.fileId)))
})
