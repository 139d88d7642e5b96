import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { KeyKind } from '@/crypto/algorithm'
import { signDetached } from '@/crypto/cms'
import { checkDetached } from '@/crypto/cms-verify'
import { normalKey, P12Error, readP12, writeP12 } from '@/crypto/p12'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import { pemOf } from '@/crypto/x509'
import { type TestAuthority, testAuthority } from '@/tests/factories/authority'

const password = '口令 demo-2026'
let authority: TestAuthority
beforeAll(async () => {
  authority = await testAuthority('p256')
})

describe.each<KeyKind>(['rsa', 'p256', 'sm2'])('a %s key file', kind => {
  test('opens with its password to the same key and certificate, and signs', async () => {
    const { keys, certificate } = await authority.signer(kind)
    const file = writeP12([{ pkcs8: keys.pkcs8, certificate: certificate.der, chain: [authority.root.der] }], password)
    const [entry] = readP12(file, password)
    expect(entry!.certificate.fingerprint).toBe(certificate.fingerprint)
    expect(entry!.chain.map(c => c.fingerprint)).toEqual([authority.root.fingerprint])
    const content = new Uint8Array([1, 2, 3])
    const cms = await signDetached(content, {
      certificate: entry!.certificate,
      sign: signerOfPkcs8(entry!.kind, normalKey(entry!)),
    })
    expect(checkDetached(cms, content).ok).toBe(true)
  })

  test('stays shut to another password and to damage', async () => {
    const { keys, certificate } = await authority.signer(kind)
    const file = writeP12([{ pkcs8: keys.pkcs8, certificate: certificate.der }], password)
    expect(() => readP12(file, 'other')).toThrow(P12Error)
    expect(() => readP12(file.subarray(0, file.length - 9), password)).toThrow(P12Error)
    expect(() => readP12(new Uint8Array(40), password)).toThrow(P12Error)
  })
})

test('several keys each find their own certificate', async () => {
  const [sign, encrypt] = [await authority.signer('p256'), await authority.signer('p256', { usages: ['keyAgreement'] })]
  const file = writeP12(
    [sign, encrypt].map(s => ({ pkcs8: s.keys.pkcs8, certificate: s.certificate.der, chain: [authority.root.der] })),
    password,
  )
  expect(readP12(file, password).map(e => e.certificate.fingerprint)).toEqual([
    sign.certificate.fingerprint,
    encrypt.certificate.fingerprint,
  ])
})

test.each<KeyKind>(['rsa', 'p256'])('OpenSSL opens our %s file, and we open its', async kind => {
  const { keys, certificate } = await authority.signer(kind)
  const folder = mkdtempSync(join(tmpdir(), 'p12-'))
  writeFileSync(join(folder, 'ours.p12'), writeP12([{ pkcs8: keys.pkcs8, certificate: certificate.der }], 'ascii-password'))
  const opened = execFileSync('openssl', ['pkcs12', '-in', 'ours.p12', '-passin', 'pass:ascii-password', '-nodes'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(opened).toContain('BEGIN PRIVATE KEY')
  expect(opened).toContain('BEGIN CERTIFICATE')
  writeFileSync(join(folder, 'key.pem'), pemOf('PRIVATE KEY', keys.pkcs8))
  writeFileSync(join(folder, 'cert.pem'), pemOf('CERTIFICATE', certificate.der))
  execFileSync(
    'openssl',
    ['pkcs12', '-export', '-inkey', 'key.pem', '-in', 'cert.pem', '-out', 'theirs.p12', '-passout', 'pass:ascii-password'],
    { cwd: folder },
  )
  expect(readP12(new Uint8Array(readFileSync(join(folder, 'theirs.p12'))), 'ascii-password')[0]!.certificate.fingerprint).toBe(
    certificate.fingerprint,
  )
})
