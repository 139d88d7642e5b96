import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCheckpoint } from '@/crypto/note'
import { parseTlogProof } from '@/crypto/tlog'
import { verifyFile } from '@/crypto/verify/main'
import { aBid } from '@/tests/factories/bid'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'
import { stampActs } from '~/trading/bid/act-stamp.server'
import { receiptPdf } from '~/trading/bid/receipt-paper.server'

let t: TestPlatform
let lot: SealingLot
beforeAll(async () => {
  t = await testPlatform()
  lot = await aSealingLot(t, { seconds: 3600 })
})
afterAll(() => t.close())

/** The words of a PDF, as another program reads them, without the breaks of lines. */
function wordsOf(pdf: Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'receipt-')), 'receipt.pdf')
  writeFileSync(file, pdf)
  return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }).replaceAll(/\s/g, '')
}

test('the printed receipt names who, what, when, by which certificate and list, and where in the log; it is sealed and holds', async () => {
  const { bidder, receipt } = await aBid(t, lot)
  const paper = async () => (await receiptPdf(await t.ctx(bidder.actor), lot.lotId)).pdf
  expect(wordsOf(await paper())).toContain('签名时间戳时间戳服务尚未答复，可稍后重新下载')
  await stampActs(await t.ctx())
  const pdf = await paper()
  const words = wordsOf(pdf)
  const { creditCode } = await readOrganisation(await t.ctx(), bidder.actor.organisationId)
  const { root } = readCheckpoint(parseTlogProof(receipt.proof).checkpoint)
  const [evidence] = receipt.payload.revocation as { number: string }[]
  for (const word of [creditCode, receipt.lotCode, receipt.statement, root, `吊销列表${evidence!.number}号`, '演练时间戳服务'])
    expect(words).toContain(word)
  expect(words).not.toContain('尚未答复')
  const belief = { anchors: await readAnchors(await t.ctx()), revocationLists: [] }
  expect((await verifyFile(pdf, belief, new Date())).exitCode).toBe(0)
})
