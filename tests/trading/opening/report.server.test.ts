import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { base64, unbase64 } from '@/crypto/bytes'
import { messageText, readMessage } from '@/crypto/messages'
import { signText } from '@/tests/factories/certificate'
import {
  type AKeyHolder,
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
import { listLotEntries } from '~/platform/log/read.server'
import { readPublicOpening } from '~/trading/opening/read.server'
import { reportShares } from '~/trading/opening/report.server'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness
let tender: ATender
let holder: AKeyHolder
let statements: string[]

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  tender = await aTender(t)
  for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
  holder = tender.custodians[0]!
})
afterAll(() => t.close())

/** A report about the bids of the release that this holder could send, its parts and codes as given. */
async function aReport(from: AKeyHolder, part = 'c0', change: (text: string) => string = text => text) {
  const own = readMessage('tbid/release@1', (await aRelease(t, tender, from)).message)
  const { releases, ...common } = own
  statements = releases.map(one => one.statement)
  const reports = statements.map(statement => ({ statement, part, code: 'dealt-wrong' as const }))
  const message = change(messageText({ ...common, t: 'tbid/report@1', reports }))
  return { lotId: tender.lotId, message, cms: unbase64(await signText(message, from.signer)) }
}

const send = async (from: AKeyHolder, input: Parameters<typeof reportShares>[1]) => reportShares(await t.ctx(from.actor), input)

test('before the close a report is refused like a release', async () => {
  const { platform, project, lot, round } = tender.policy.message
  const message = messageText({
    t: 'tbid/report@1',
    ...{ platform, project, lot, round, org: holder.actor.organisationId, stage: 'main' },
    checkpoint: { size: 16, root: '0'.repeat(64) },
    reports: [{ statement: '0'.repeat(64), part: 'c0', code: 'damaged' }],
  })
  const cms = unbase64(await signText(message, holder.signer))
  await expect(send(holder, { lotId: tender.lotId, message, cms })).rejects.toMatchObject({ code: 'opening-not-due' })
})

test('a signed report is evidence in the log and decides nothing: the others still open the bids', async () => {
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
  const report = await aReport(holder)
  const { recorded, refused } = await send(holder, report)
  expect([recorded, refused]).toEqual([statements.map(statement => ({ statement, part: 'c0' })), []])
  await t.platform.sequencer.flush()
  const entries = await listLotEntries(await t.ctx(), tender.lotId)
  const [entry] = entries.filter(one => one.action === 'key.report')
  expect(entry?.payload).toMatchObject({
    facts: { org: holder.actor.organisationId, message: report.message, cms: base64(report.cms) },
  })
})

test('of somebody else’s share, of no bid, by another’s hand, badly signed, of another lot, malformed: each refused by name', async () => {
  expect((await send(holder, await aReport(holder, 'c1'))).refused.map(one => one.code)).toEqual(Array(3).fill('not-yours'))
  const nobody = await aReport(holder, 'c0', text => text.replaceAll(statements[0]!, '0'.repeat(64)))
  expect((await send(holder, nobody)).refused).toMatchObject([{ code: 'unknown-bid' }])
  const stranger = tender.custodians[1]!
  const report = await aReport(holder)
  await expect(send(stranger, report)).rejects.toMatchObject({ code: 'not-allowed' })
  const cms = unbase64(await signText('something else', holder.signer))
  await expect(send(holder, { ...report, cms })).rejects.toMatchObject({ code: 'bad-signature' })
  const { lot } = tender.policy.message
  const elsewhere = await aReport(holder, 'c0', text => text.replaceAll(lot, crypto.randomUUID()))
  await expect(send(holder, elsewhere)).rejects.toMatchObject({ code: 'wrong-lot' })
  await expect(send(holder, { ...report, message: '{}' })).rejects.toMatchObject({ code: 'bad-input' })
})

test('whoever reported may still release; after the window nothing is taken', async () => {
  const report = await aReport(holder)
  for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
  await t.tick()
  const { hall } = await readPublicOpening(await t.ctx({ kind: 'public' }), tender.lotId)
  expect(hall.bids.map(one => one.state)).toEqual(['decrypted', 'decrypted', 'decrypted'])
  await t.pass(61_000)
  await t.tick()
  await expect(send(holder, report)).rejects.toMatchObject({ name: 'Refusal' })
})
