import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type KeyKind, signatureAlgorithm } from '@/crypto/algorithm'
import { nameDer } from '@/crypto/authority'
import { relyOn } from '@/crypto/chain'
import { isOlder, parseRevocationList, revocationListOf } from '@/crypto/crl'
import { bits, context, DerError, der, integer, octets, oid, sequence, time, truth } from '@/crypto/der'
import { type Certificate, pemOf } from '@/crypto/x509'
import { aRevocationList, type TestAuthority, testAuthority } from '@/tests/factories/authority'

const day = 86_400_000
const at = new Date()
const after = (days: number) => new Date(at.getTime() + days * day)

let authority: TestAuthority
let leaf: Certificate
beforeAll(async () => {
  authority = await testAuthority('p256')
  leaf = (await authority.signer('p256')).certificate
})
const trust = (more: Partial<Parameters<typeof relyOn>[1]> = {}) => ({ roots: [authority.root], at, graceMs: day, ...more })
const revokedFrom = (since: Date) => ({ revoked: [{ serial: leaf.serial, since }] })

describe.each<KeyKind>(['rsa', 'p256', 'sm2'])('a list of a %s authority', kind => {
  test('is read by OpenSSL and revokes what it names, from then on', async () => {
    const own = await testAuthority(kind)
    const { certificate } = await own.signer(kind)
    const list = await aRevocationList(own.issuer, { revoked: [{ serial: certificate.serial, since: after(-1) }], number: 300 })
    const folder = mkdtempSync(join(tmpdir(), 'crl-'))
    writeFileSync(join(folder, 'root.pem'), pemOf('CERTIFICATE', own.root.der))
    writeFileSync(join(folder, 'list.pem'), pemOf('X509 CRL', list.der))
    const run = (...args: string[]) =>
      spawnSync('openssl', ['crl', '-in', 'list.pem', ...args], { cwd: folder, encoding: 'utf8' })
    const text = run('-noout', '-text').stdout.toUpperCase()
    expect(text).toContain(certificate.serial.replace(/^00/, '').toUpperCase())
    expect(text).toMatch(/CRL NUMBER:\s+(300|0X012C)/)
    // OpenSSL's crl program cannot be told the SM2 user id.
    if (kind !== 'sm2') expect(run('-noout', '-CAfile', 'root.pem').stderr).toContain('verify OK')
    expect(list).toMatchObject({ number: '300', signatureKey: kind })
    expect(revocationListOf(pemOf('X509 CRL', list.der)).sha256).toBe(list.sha256)
    const about = { roots: [own.root], revocationLists: [list], graceMs: 0 }
    expect(relyOn(certificate, { ...about, at })).toMatchObject({ ok: false, problem: 'cert-revoked' })
    expect(relyOn(certificate, { ...about, at: after(-2) })).toMatchObject({ ok: true, revocation: [{ standing: 'good', list }] })
  })
})

test('OpenSSL refuses what a list of ours revokes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crl-'))
  const list = await aRevocationList(authority.issuer, { ...revokedFrom(after(-1)), at: after(-0.5) })
  writeFileSync(join(folder, 'leaf.pem'), pemOf('CERTIFICATE', leaf.der))
  writeFileSync(join(folder, 'all.pem'), pemOf('CERTIFICATE', authority.root.der) + pemOf('X509 CRL', list.der))
  const check = spawnSync('openssl', ['verify', '-crl_check', '-CAfile', 'all.pem', 'leaf.pem'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(check.stderr).toContain('certificate revoked')
  expect(execFileSync('openssl', ['verify', '-CAfile', 'all.pem', 'leaf.pem'], { cwd: folder, encoding: 'utf8' })).toContain('OK')
})

test('without a list nothing is known, and where that is not enough the certificate is refused', () => {
  expect(relyOn(leaf, trust())).toMatchObject({ ok: false, problem: 'cert-status-unknown', facts: { nextUpdate: '' } })
  expect(relyOn(leaf, trust({ graceMs: undefined }))).toMatchObject({
    ok: true,
    revocation: [{ standing: 'missing', list: null }],
  })
})

test('a stale list is relied on within its grace, said to be stale, and then no more', async () => {
  const list = await aRevocationList(authority.issuer, { at: after(-3), next: after(-2) })
  const stale = trust({ revocationLists: [list] })
  expect(relyOn(leaf, { ...stale, graceMs: 3 * day })).toMatchObject({ ok: true, revocation: [{ standing: 'stale' }] })
  expect(relyOn(leaf, { ...stale, graceMs: day })).toMatchObject({ ok: false, problem: 'cert-status-unknown' })
  expect(relyOn(leaf, { ...stale, graceMs: undefined })).toMatchObject({ ok: true, revocation: [{ standing: 'stale' }] })
})

test('a stale list still revokes', async () => {
  const list = await aRevocationList(authority.issuer, { ...revokedFrom(after(-4)), at: after(-3), next: after(-2) })
  expect(relyOn(leaf, trust({ revocationLists: [list] }))).toMatchObject({ ok: false, problem: 'cert-revoked' })
})

test('a forged list is no list: it neither revokes nor clears', async () => {
  const other = await testAuthority('p256')
  const forged = await aRevocationList({ ...other.issuer, name: authority.issuer.name }, revokedFrom(after(-1)))
  const revoking = await aRevocationList(authority.issuer, revokedFrom(after(-1)))
  const clearing = await aRevocationList({ ...other.issuer, name: authority.issuer.name }, { number: 9, at: after(0.1) })
  expect(relyOn(leaf, trust({ revocationLists: [forged] }))).toMatchObject({ problem: 'cert-status-unknown' })
  expect(relyOn(leaf, trust({ revocationLists: [revoking, clearing] }))).toMatchObject({ problem: 'cert-revoked' })
})

test('a list by a CA that may not sign lists (no cRLSign) is none', async () => {
  const own = await testAuthority('p256', { rootUsages: ['keyCertSign'] })
  const { certificate } = await own.signer('p256')
  const list = await aRevocationList(own.issuer, { revoked: [{ serial: certificate.serial, since: after(-1) }] })
  const about = { roots: [own.root], at, revocationLists: [list] }
  expect(relyOn(certificate, about)).toMatchObject({ ok: true, revocation: [{ standing: 'missing' }] })
  expect(relyOn(certificate, { ...about, graceMs: day })).toMatchObject({ problem: 'cert-status-unknown' })
})

test('the newest list counts, by number and by thisUpdate; one made after a certificate’s end says nothing of it', async () => {
  const old = await aRevocationList(authority.issuer, { number: 1, at: after(-2), next: after(3) })
  const fresh = await aRevocationList(authority.issuer, { number: 2, ...revokedFrom(after(-1)), at: after(-1) })
  for (const lists of [
    [old, fresh],
    [fresh, old],
  ])
    expect(relyOn(leaf, trust({ revocationLists: lists }))).toMatchObject({ problem: 'cert-revoked' })
  expect([isOlder(old, fresh), isOlder(fresh, old), isOlder(fresh, fresh)]).toEqual([true, false, false])
  const late = await aRevocationList(authority.issuer, { number: 3, at: after(800) })
  expect(relyOn(leaf, trust({ revocationLists: [late] }))).toMatchObject({ problem: 'cert-status-unknown' })
})

interface Odd {
  inner?: Uint8Array
  outer?: Uint8Array
  next?: boolean
  extensions?: Uint8Array[]
  entryExtensions?: Uint8Array[]
}
const ext = (id: string, critical: boolean, value: Uint8Array) => sequence(oid(id), ...(critical ? [truth] : []), octets(value))

/** A list made by hand and truly signed, with one thing wrong. */
async function odd({ inner, outer, next = true, extensions = [], entryExtensions }: Odd): Promise<Uint8Array> {
  const algorithm = signatureAlgorithm('p256')
  const entry = entryExtensions && sequence(integer(7), time(at), sequence(...entryExtensions))
  const tbs = sequence(
    integer(1),
    inner ?? algorithm,
    nameDer(authority.issuer.name),
    time(at),
    ...(next ? [time(after(1))] : []),
    ...(entry ? [sequence(entry)] : []),
    der(context(0), sequence(ext('2.5.29.20', false, integer(5)), ...extensions)),
  )
  return sequence(tbs, outer ?? algorithm, bits(await authority.issuer.sign(tbs)))
}

test.each<[string, Odd, RegExp]>([
  ['another algorithm outside than inside', { outer: signatureAlgorithm('sm2') }, /algorithm/],
  ['another algorithm inside than outside', { inner: signatureAlgorithm('rsa') }, /algorithm/],
  ['an algorithm that is none of ours', { inner: sequence(oid('1.2.3.4')), outer: sequence(oid('1.2.3.4')) }, /algorithm/],
  ['no nextUpdate', { next: false }, /nextUpdate/],
  ['an unknown critical extension', { extensions: [ext('1.2.3.4', true, integer(1))] }, /critical extension 1\.2\.3\.4/],
  ['a delta list', { extensions: [ext('2.5.29.27', true, integer(1))] }, /part/],
  ['a list of one distribution point', { extensions: [ext('2.5.29.28', true, sequence())] }, /part/],
  ['a repeated extension', { extensions: [ext('2.5.29.20', false, integer(6))] }, /repeated/],
  ['an unknown critical extension of an entry', { entryExtensions: [ext('2.5.29.29', true, sequence())] }, /of an entry/],
])('a list is not read: %s', async (_, what, reason) => {
  const bytes = await odd(what)
  expect(() => parseRevocationList(bytes)).toThrow(DerError)
  expect(() => parseRevocationList(bytes)).toThrow(reason)
})

test('what is not critical is passed over', async () => {
  const bytes = await odd({
    extensions: [ext('1.2.3.4', false, integer(1))],
    entryExtensions: [ext('2.5.29.21', false, integer(1))],
  })
  expect(parseRevocationList(bytes)).toMatchObject({ number: '5' })
})

test('more revoked certificates than other DER may have members', async () => {
  const revoked = Array.from({ length: 20_000 }, (_, i) => ({ serial: (0x10000000 + i).toString(16), since: after(-1) }))
  expect((await aRevocationList(authority.issuer, { revoked })).revoked.size).toBe(20_000)
})

test('every flipped byte of a list is refused or no longer its authority’s', async () => {
  const list = await aRevocationList(authority.issuer, revokedFrom(after(-1)))
  fc.assert(
    fc.property(fc.nat(list.der.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
      const bytes = list.der.slice()
      bytes[place]! ^= change
      try {
        const lists = [parseRevocationList(bytes)]
        return (
          relyOn(leaf, trust({ revocationLists: lists })).ok === false &&
          relyOn(leaf, trust({ revocationLists: lists, graceMs: undefined })).ok
        )
      } catch (error) {
        return error instanceof DerError
      }
    }),
    { numRuns: 150 },
  )
})

test('noise is refused by a named error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), noise => {
      expect(() => parseRevocationList(noise)).toThrow(DerError)
    }),
  )
})
