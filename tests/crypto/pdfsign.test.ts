import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { beforeAll, expect, test } from 'vitest'
import { checkTimeStamp } from '@/crypto/cms-verify'
import { checkPdf, signPdf } from '@/crypto/pdfsign'
import { timeStampToken } from '@/crypto/tsp'
import { pemOf } from '@/crypto/x509'
import { type TestAuthority, testAuthority } from '@/tests/factories/authority'

let authority: TestAuthority
let pdf: Uint8Array
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

beforeAll(async () => {
  authority = await testAuthority('p256')
  const document = await PDFDocument.create()
  document.addPage().drawText('opening record')
  pdf = new Uint8Array(await document.save())
})

const sign = async (bytes: Uint8Array, kind: 'rsa' | 'p256', name: string) => {
  const tsa = await authority.signer('p256', { isTimeStamper: true, usages: ['digitalSignature'] })
  const timestamp = (signature: Uint8Array) =>
    timeStampToken({ digest: sha256(signature), nonce: null }, new Date(), randomBytes(8), tsa)
  return signPdf(bytes, { signer: await authority.signer(kind), name, reason: '开标记录', at: new Date(), timestamp })
}

test('two signers, each signature valid, the first not covering what the second added', async () => {
  const twice = await sign(await sign(pdf, 'p256', '平台'), 'rsa', '代理机构')
  const [first, second] = checkPdf(twice)
  expect([first!.ok, first!.coversFile, second!.ok, second!.coversFile]).toEqual([true, false, true, true])
  expect(checkTimeStamp(second!.timeStamp!, sha256(second!.signature!))).not.toBe(null)
})

test('a changed byte anywhere in the signed part is noticed', async () => {
  const signed = await sign(pdf, 'p256', '平台')
  for (const place of [20, Math.floor(pdf.length / 2), signed.length - 30]) {
    const bytes = signed.slice()
    bytes[place]! ^= 1
    expect(checkPdf(bytes).every(s => s.ok && s.coversFile)).toBe(false)
  }
})

test('pdfsig accepts both signatures and qpdf-like readers the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pdfsign-'))
  writeFileSync(join(folder, 'signed.pdf'), await sign(await sign(pdf, 'p256', '平台'), 'rsa', '代理机构'))
  writeFileSync(join(folder, 'root.pem'), pemOf('CERTIFICATE', authority.root.der))
  const seen = execFileSync('pdfsig', ['-nocert', 'signed.pdf'], { cwd: folder, encoding: 'utf8' })
  expect(seen.match(/Signature is Valid/g)).toHaveLength(2)
  expect(seen).toContain('ETSI.CAdES.detached')
  expect(spawnSync('pdfinfo', ['signed.pdf'], { cwd: folder, encoding: 'utf8' }).stderr).toBe('')
})

test('a file without signatures has none, and noise is no crash', () => {
  expect(checkPdf(pdf)).toEqual([])
  expect(checkPdf(new TextEncoder().encode('/ByteRange [0 1 2 3] /ByteRange [0 5 9 9999]')).every(s => !s.ok)).toBe(true)
})
