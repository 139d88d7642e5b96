import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Anchors } from '@/crypto/anchors'
import { parseSigned, timeStampAdded, withTimeStamp } from '@/crypto/cms'
import type { Receipt } from '@/crypto/receipt'
import { verifyFile } from '@/crypto/verify/main'
import { pemOf } from '@/crypto/x509'
import { bidAct } from '@/db/schema/trading/bid'
import { aRevocationList } from '@/tests/factories/authority'
import { aBid, type Bidder, commitStatement, statementOf } from '@/tests/factories/bid'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { sandboxAuthority } from '~/platform/identity/authority.server'
import { readSandboxCrl } from '~/platform/identity/certificate.server'
import { stampActs } from '~/trading/bid/act-stamp.server'
import { readMyBid } from '~/trading/bid/bid.read.server'

let t: TestPlatform
const lots: Partial<Record<'intl' | 'gm', SealingLot>> = {}
let anchors: Anchors
beforeAll(async () => {
  t = await testPlatform()
  for (const suite of ['intl', 'gm'] as const) lots[suite] = await aSealingLot(t, { seconds: 3600, lot: { suite } })
  anchors = await readAnchors(await t.ctx())
})
afterAll(() => t.close())

const receiptOf = async (bidder: Bidder, lotId: string): Promise<Receipt> =>
  (await readMyBid(await t.ctx(bidder.actor), lotId)).versions.at(-1)!.receipt
const bytesOf = (base64: unknown) => new Uint8Array(Buffer.from(String(base64), 'base64'))
const judge = async (receipt: Receipt) => {
  const { findings, exitCode } = await verifyFile(
    Buffer.from(JSON.stringify(receipt)),
    { anchors, revocationLists: [] },
    new Date(),
  )
  return { exitCode, found: Object.fromEntries(findings.map(({ code, result }) => [code, result])) }
}

describe.each(['intl', 'gm'] as const)('suite %s', suite => {
  test('the statement’s signature gets its time-stamp beside the commit; the receipt has it from then on', async () => {
    const { lotId } = lots[suite]!
    const { bidder, receipt } = await aBid(t, lots[suite]!)
    expect(receipt.cades).toBeNull()
    expect(await judge(receipt)).toMatchObject({ exitCode: 0, found: { 'signature-time-stamp': 'noted' } })
    expect(await stampActs(await t.ctx())).toMatchObject({ isAway: false })
    const later = await receiptOf(bidder, lotId)
    expect({ ...later, cades: null }).toEqual(receipt)
    expect(await judge(later)).toMatchObject({ exitCode: 0, found: { 'signature-time-stamp': 'holds', signature: 'holds' } })
    const other = await receiptOf((await stamped(suite)).bidder, lotId)
    expect(await judge({ ...later, cades: other.cades })).toMatchObject({
      exitCode: 1,
      found: { 'signature-time-stamp': 'broken' },
    })
    const swapped = withTimeStamp(bytesOf(later.payload.cms), parseSigned(bytesOf(other.cades)).timeStamp!)
    const forged = await judge({ ...later, cades: Buffer.from(swapped).toString('base64') })
    expect(forged).toMatchObject({ exitCode: 1, found: { 'signature-time-stamp': 'broken' } })
  })
})

async function stamped(suite: 'intl' | 'gm') {
  const made = await aBid(t, lots[suite]!)
  await stampActs(await t.ctx())
  return made
}

/** The README's commands that check a receipt with stock tools, as they stand there. */
function readmeCommands(): string {
  const [block] = /```sh\nnode -e '\n[^`]*?`-----BEGIN[\s\S]*?\n```/.exec(readFileSync('README.md', 'utf8')) ?? []
  return block!.slice('```sh\n'.length, -'\n```'.length)
}

test('the README’s commands, copied as they are, check a receipt with its time-stamps by stock OpenSSL; a bent one fails', async () => {
  const { bidder } = await stamped('intl')
  const receipt = await receiptOf(bidder, lots.intl!.lotId)
  const cades = bytesOf(receipt.cades)
  const folder = mkdtempSync(join(tmpdir(), 'cades-'))
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value))
  write('anchors.json', anchors)
  write('receipt.json', receipt)
  const run = () => spawnSync('bash', ['-ec', readmeCommands()], { cwd: folder, encoding: 'utf8' })
  const { status, stdout, stderr } = run()
  expect([status, stderr.match(/CMS Verification successful/g)?.length]).toEqual([0, 1])
  expect(stdout.match(/Verification: OK/g)?.length).toBe(2)
  const openssl = (line: string) => spawnSync('openssl', line.split(' '), { cwd: folder, encoding: 'utf8' })
  expect(openssl('cms -cmsout -print -noout -inform DER -in statement.cms').stdout).toContain('id-smime-aa-timeStampToken')
  expect(timeStampAdded(bytesOf(receipt.payload.cms), cades)).toEqual(parseSigned(cades).timeStamp)
  expect(new Uint8Array(readFileSync(join(folder, 'signature')))).toEqual(parseSigned(cades).signature)
  const wrong = 'ts -verify -data statement.json -in signature-token.der -token_in -CAfile roots.pem'
  expect(openssl(wrong).stdout).not.toContain('Verification: OK')
  write('receipt.json', { ...receipt, payload: { ...receipt.payload, statement: `${receipt.payload.statement} ` } })
  expect(run().status).not.toBe(0)
})

test('the outsider’s program judges a receipt’s certificate by the list it is given', async () => {
  const { bidder, receipt } = await stamped('intl')
  const folder = mkdtempSync(join(tmpdir(), 'verify-crl-'))
  const write = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const paths = [write('anchors.json', JSON.stringify(anchors)), write('receipt.json', JSON.stringify(receipt))]
  const run = (...more: string[]) =>
    spawnSync(process.execPath, ['bin/run.mjs', 'crypto/verify/main.ts', '--anchors', ...more, paths[1]!], { encoding: 'utf8' })
  expect(run(paths[0]!)).toMatchObject({ status: 0, stdout: expect.stringContaining('是否已被吊销未核验') })
  const crl = write('good.crl', await readSandboxCrl(await t.ctx(), 'intl'))
  expect(run(paths[0]!, '--crl', crl)).toMatchObject({ status: 0, stdout: expect.stringContaining('签名时未被吊销') })
  const { issuer } = await sandboxAuthority(t.platform, 'intl')
  const since = new Date(Date.now() - 3_600_000)
  const revoked = [{ serial: bidder.signer.certificate.serial, since }]
  const revoking = write('revoking.pem', pemOf('X509 CRL', (await aRevocationList(issuer, { revoked })).der))
  expect(run(paths[0]!, '--crl', revoking)).toMatchObject({ status: 1, stdout: expect.stringContaining('已被吊销') })
})

test('a TSA that is away costs the token, not the receipt; it comes when the TSA is back', async () => {
  const { bidder, receipt } = await aBid(t, lots.intl!)
  expect(receipt.index).toBeGreaterThanOrEqual(0)
  const ctx = await t.ctx()
  const config = { ...t.platform.config, tsaUrl: 'http://127.0.0.1:9/' }
  const logger = { ...t.platform.logger, warn: () => {} } as unknown as typeof t.platform.logger
  expect(await stampActs({ ...ctx, platform: { ...t.platform, config, logger } })).toEqual({ done: 0, isAway: true })
  expect((await receiptOf(bidder, lots.intl!.lotId)).cades).toBeNull()
  expect((await stampActs(ctx)).done).toBe(1)
  expect((await receiptOf(bidder, lots.intl!.lotId)).cades).not.toBeNull()
  expect(await stampActs(ctx)).toEqual({ done: 0, isAway: false })
})

test('no box of a time-stamp tells by its size what its act was', async () => {
  const { bidder } = await stamped('intl')
  const outOfTurn = statementOf(t, lots.intl!, bidder, { seq: 9, prev: 'ab'.repeat(32) })
  await expect(commitStatement(t, lots.intl!, bidder, outOfTurn, {})).rejects.toMatchObject({ code: 'replayed' })
  await stampActs(await t.ctx())
  const rows = await t.platform.database.db.select({ stamp: bidAct.stamp }).from(bidAct)
  expect(rows.every(row => row.stamp)).toBe(true)
  expect(new Set(rows.map(row => row.stamp!.length)).size).toBe(1)
})
