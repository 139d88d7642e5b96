import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anchors, readAnchors as parseAnchors } from '@/crypto/anchors'
import { verifyFile } from '@/crypto/verify/main'
import { signText } from '@/tests/factories/certificate'
import {
  type ABid,
  type ATender,
  type AWitness,
  afterDeadline,
  aSealedBid,
  aTender,
  aWitness,
  release,
} from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { readArchive, readArchiveFile } from '~/trading/archive/archive.read.server'
import { requestArchive } from '~/trading/archive/archive.server'
import { findLot } from '~/trading/lot/find-lot.server'
import { terminateLot } from '~/trading/notice/notice.server'
import { answerRecord, answerScope } from '~/trading/opening/answer.server'
import { answerTextOf } from '~/trading/opening/answer-text'
import { findOpening } from '~/trading/opening/event.server'

let t: TestPlatform
let witness: AWitness
let tender: ATender
let anchors: Anchors
let zip: Uint8Array
let bidders: ABid[]

async function agree(one: ABid) {
  const ctx = await t.ctx(one.bidder.actor)
  const [found, row] = [await findLot(ctx, tender.lotId), (await findOpening(ctx, tender.lotId))!]
  const word = { answer: 'no-objection' as const, text: '' }
  const signed = answerTextOf(answerScope(ctx, found, row, one.bidder.actor.organisationId), word)
  const cms = new Uint8Array(Buffer.from(await signText(signed, one.bidder.signer), 'base64'))
  await answerRecord(ctx, { lotId: tender.lotId, ...word, cms })
}

async function archived(): Promise<Uint8Array> {
  const agency = await t.ctx(tender.agency)
  await requestArchive(agency, { lotId: tender.lotId })
  await expect(readArchiveFile(agency, tender.lotId)).rejects.toMatchObject({ code: 'archive-not-ready' })
  await t.tick()
  await t.platform.sequencer.publish()
  await t.tick()
  expect((await readArchive(agency, tender.lotId)).archive?.sealedAt).toBe(null)
  await witness.cosign()
  await t.tick()
  return t.platform.store.read((await readArchiveFile(agency, tender.lotId)).id)
}

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  tender = await aTender(t, { lot: { releaseMode: 'both', suite: 'intl', threshold: 2 } })
  const bids = [await aSealedBid(t, tender), await aSealedBid(t, tender), await aSealedBid(t, tender)]
  bidders = bids
  const replaced = await aSealedBid(t, tender)
  const last = await aSealedBid(t, tender, { former: replaced, price: { priceFen: '880000000' } })
  await aSealedBid(t, tender, { former: await aSealedBid(t, tender), withdraws: true })
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
  // The third bidder releases nothing: its bid stays closed.
  for (const one of [bids[0]!, bids[1]!, last]) await release(t, tender, one.bidder)
  for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
  await t.tick()
  await t.pass(3_600_000)
  await t.tick()
  for (const one of [bids[0]!, bids[1]!, last]) await agree(one).catch(() => undefined)
  await t.tick()
  // The time in which the record may be signed.
  await t.pass(11_000)
  await t.tick()
  await terminateLot(await t.ctx(tender.agency), { lotId: tender.lotId, reason: '演练到此结束' })
  anchors = parseAnchors(JSON.parse(JSON.stringify(await readAnchors(await t.ctx()))))
  zip = await archived()
}, 120_000)
afterAll(() => t.close())

const verify = (bytes: Uint8Array, given: Anchors | null) =>
  verifyFile(bytes, { anchors: given, revocationLists: [] }, new Date())
const brokenCodes = (report: Awaited<ReturnType<typeof verify>>) =>
  [...new Set(report.findings.filter(f => f.result === 'broken').map(f => f.code))].sort()

/** The archive with one file changed, manifests left as they were or made to fit again. */
function changed(path: RegExp, change: (bytes: Uint8Array) => Uint8Array<ArrayBuffer>): Uint8Array {
  const files = unzipSync(zip)
  const name = Object.keys(files).find(key => path.test(key))!
  expect(name).toBeDefined()
  files[name] = change(files[name]!)
  return zipSync(files, { level: 0 })
}

describe('the archive of a lot', () => {
  test('holds against the anchors, and says what it proved', async () => {
    const report = await verify(zip, anchors)
    expect(report.findings.filter(f => f.result === 'broken')).toEqual([])
    expect(report).toMatchObject({ kind: 'archive', exitCode: 0 })
    const codes = new Set(report.findings.filter(f => f.result === 'holds').map(f => f.code))
    for (const code of [
      'manifest',
      'seal',
      'log-proof',
      'witness',
      'policy',
      'close',
      'statement',
      'release',
      'reopen',
      'receipts',
      'pdf-whole',
    ])
      expect(codes).toContain(code)
    expect(report.findings.filter(f => f.code === 'reopen' && f.result === 'holds')).toHaveLength(3)
  })

  test('without anchors is consistent, its issuer unproven', async () => {
    expect((await verify(zip, null)).exitCode).toBe(3)
  })

  test('under the anchors of another platform is broken', async () => {
    const other = await testPlatform()
    const foreign = parseAnchors(JSON.parse(JSON.stringify(await readAnchors(await other.ctx()))))
    await other.close()
    expect(brokenCodes(await verify(zip, foreign))).toEqual(expect.arrayContaining(['log-signature', 'seal-signer', 'witness']))
  })

  /** A byte in the middle may be a bracket, which is another fault than a wrong digit. */
  test.each([
    [/log\/entries\.json$/, 'salt', ['log-proof', 'manifest']],
    [/statement\.json$/, 'root', ['manifest', 'statement']],
    [/releases\/0001\.json$/, 'value', ['manifest', 'release', 'reopen']],
  ])('a digit changed in %s, in its first %s, is named', async (path, field, codes) => {
    const digit = new RegExp(`("${field}":\\s*")(.)`)
    const bent = changed(path, bytes => {
      const text = Buffer.from(bytes).toString()
      const other = text.replace(digit, (_, before: string, first: string) => before + (first === '0' ? '1' : '0'))
      expect(other).not.toBe(text)
      return new Uint8Array(Buffer.from(other))
    })
    const report = await verify(bent, anchors)
    expect(report.exitCode).toBe(1)
    expect(brokenCodes(report)).toEqual(expect.arrayContaining(codes))
  })

  test.each([
    [/papers\/opening-record/, ['manifest', 'paper-logged', 'pdf-signature']],
    [/opened\/technical\//, ['manifest', 'reopen']],
    [/manifest-sm3\.txt$/, ['tag-manifest']],
  ])('a byte changed in %s is named', async (path, codes) => {
    const report = await verify(
      changed(path, bytes => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte))),
      anchors,
    )
    expect(report.exitCode).toBe(1)
    expect(brokenCodes(report)).toEqual(expect.arrayContaining(codes))
  })

  test('a file added or left out is named', async () => {
    const files = unzipSync(zip)
    const folder = Object.keys(files)[0]!.split('/')[0]
    expect(
      brokenCodes(await verify(zipSync({ ...files, [`${folder}/data/extra.txt`]: strToU8('x') }, { level: 0 }), anchors)),
    ).toEqual(['manifest'])
    const { [`${folder}/data/policy/policy.json`]: _, ...rest } = files
    expect(brokenCodes(await verify(zipSync(rest, { level: 0 }), anchors))).toEqual(
      expect.arrayContaining(['manifest', 'policy']),
    )
  })

  test('the command says so by its exit code, as an outsider runs it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'archive-'))
    const path = (name: string, content: Uint8Array | string) => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['bin/run.mjs', 'crypto/verify/main.ts', ...args], { encoding: 'utf8' })
    const [whole, known] = [path('归档包.zip', zip), path('anchors.json', JSON.stringify(anchors))]
    const good = run('--anchors', known, whole)
    expect([good.status, good.stdout.includes('成立：各项核验通过')]).toEqual([0, true])
    const alone = run(whole)
    expect([alone.status, alone.stdout.includes('内部一致，签发者未核验')]).toEqual([3, true])
    const both = run('--anchors', known, '--json', whole, path('noise.bin', 'noise'))
    expect([both.status, JSON.parse(both.stdout).reports.map((r: { exitCode: number }) => r.exitCode)]).toEqual([1, [0, 1]])
    expect(run().status).toBe(2)
  }, 60_000)

  test('is for the agency and the supervisor, not for bidders', async () => {
    await expect(readArchiveFile(await t.ctx(bidders[0]!.bidder.actor), tender.lotId)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  test('is asked for once', async () => {
    await expect(requestArchive(await t.ctx(tender.agency), { lotId: tender.lotId })).rejects.toMatchObject({
      code: 'wrong-state',
    })
  })
})

describe('single files of the archive', () => {
  const file = (path: RegExp) => Object.entries(unzipSync(zip)).find(([name]) => path.test(name))![1]

  test.each([
    ['receipt', /receipt\.json$/],
    ['paper', /papers\/opening-record/],
    ['checkpoint', /log\/checkpoint\.txt$/],
  ] as const)('a %s is recognised and holds; without anchors its issuer is unproven', async (kind, path) => {
    const report = await verify(file(path), anchors)
    expect(report.findings.filter(f => f.result === 'broken')).toEqual([])
    expect(report).toMatchObject({ kind, exitCode: 0 })
    expect((await verify(file(path), null)).exitCode).toBe(3)
  })

  test('a receipt for another statement, time or place is broken', async () => {
    const receipt = JSON.parse(new TextDecoder().decode(file(/receipt\.json$/)))
    const forged = [
      { ...receipt, at: '2020-01-01T00:00:00.000Z' },
      { ...receipt, statement: 'ab'.repeat(32) },
      { ...receipt, index: receipt.index + 1 },
      { ...receipt, salt: 'cd'.repeat(32) },
      { ...receipt, extra: 1 },
    ]
    for (const one of forged) expect((await verify(strToU8(JSON.stringify(one)), anchors)).exitCode).toBe(1)
  })
})

test('noise is refused by name, never a crash', async () => {
  for (const noise of ['', '{}', 'PK', '%PDF-1.7', '[1]', '{"t":"tbid/receipt@1"}', '\n\n— x'])
    expect(await verify(strToU8(noise), null)).toMatchObject({ exitCode: 1 })
})
