import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { KeyKind } from '@/crypto/algorithm'
import { relyOn } from '@/crypto/chain'
import { DerError, oid, readDer, readOid } from '@/crypto/der'
import { certificateOf, parseCertificate, pemOf } from '@/crypto/x509'
import { keyPair, type TestAuthority, testAuthority } from '@/tests/factories/authority'

const kinds: KeyKind[] = ['rsa', 'p256', 'sm2']
const day = 86_400_000
const at = new Date()

describe.each(kinds)('a %s authority', kind => {
  let authority: TestAuthority
  beforeAll(async () => {
    authority = await testAuthority(kind)
  })

  test('issues certificates that OpenSSL reads and verifies', async () => {
    const { certificate } = await authority.signer(kind)
    const folder = mkdtempSync(join(tmpdir(), 'x509-'))
    writeFileSync(join(folder, 'root.pem'), pemOf('CERTIFICATE', authority.root.der))
    writeFileSync(join(folder, 'leaf.pem'), pemOf('CERTIFICATE', certificate.der))
    const identity = kind === 'sm2' ? ['-vfyopt', 'distid:1234567812345678'] : []
    expect(
      execFileSync('openssl', ['verify', ...identity, '-CAfile', 'root.pem', 'leaf.pem'], { cwd: folder, encoding: 'utf8' }),
    ).toContain('leaf.pem: OK')
    const node = new X509Certificate(certificate.der)
    expect(node.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(certificate.fingerprint)
    expect(node.subject).toContain('serialNumber=91350100M000100Y43')
    expect(certificateOf(pemOf('CERTIFICATE', certificate.der)).fingerprint).toBe(certificate.fingerprint)
  })

  test('is relied on only by its own root, in its time, for its use', async () => {
    const { certificate } = await authority.signer(kind)
    const trust = { roots: [authority.root], at, usages: ['digitalSignature' as const] }
    expect(relyOn(certificate, trust).ok).toBe(true)
    const other = await testAuthority(kind)
    expect(relyOn(certificate, { ...trust, roots: [other.root] })).toMatchObject({ problem: 'cert-untrusted' })
    expect(relyOn(certificate, { ...trust, at: new Date(at.getTime() + 800 * day) })).toMatchObject({ problem: 'cert-expired' })
    expect(relyOn(certificate, { ...trust, at: new Date(at.getTime() - 800 * day) })).toMatchObject({
      problem: 'cert-not-yet-valid',
    })
    expect(relyOn(certificate, { ...trust, usages: ['keyEncipherment'] })).toMatchObject({ problem: 'cert-wrong-usage' })
  })

  test('a certificate that is no authority cannot issue', async () => {
    const middle = await authority.signer(kind)
    const keys = keyPair(kind)
    const fake = await testAuthority(kind)
    const child = await fake.issue(keys.spki)
    expect(relyOn(child, { roots: [authority.root], intermediates: [middle.certificate, fake.root], at })).toMatchObject({
      problem: 'cert-untrusted',
    })
  })

  test('every flipped byte of a certificate is refused or no longer relied on', async () => {
    const { certificate } = await authority.signer(kind)
    fc.assert(
      fc.property(fc.nat(certificate.der.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = certificate.der.slice()
        bytes[place]! ^= change
        try {
          return !relyOn(parseCertificate(bytes), { roots: [authority.root], at }).ok
        } catch (error) {
          return error instanceof DerError
        }
      }),
      { numRuns: 150 },
    )
  })
})

test('object identifiers survive the round trip', () => {
  for (const id of ['1.2.840.113549.1.9.16.2.47', '2.16.840.1.101.3.4.2.1', '1.2.156.10197.1.501', '2.5.29.15', '0.4.0.19122'])
    expect(readOid(readDer(oid(id)))).toBe(id)
})

test('noise is refused by a named error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), noise => {
      expect(() => parseCertificate(noise)).toThrow(DerError)
    }),
  )
})
