import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, randomBytes, sign, webcrypto } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sm2 } from 'sm-crypto-v2'
import { beforeAll, describe, expect, test } from 'vitest'
import type { KeyKind } from '@/crypto/algorithm'
import { ecdsaDer, parseSigned, signDetached, withTimeStamp } from '@/crypto/cms'
import { checkDetached, checkTimeStamp } from '@/crypto/cms-verify'
import { DerError } from '@/crypto/der'
import { pointOfSpki } from '@/crypto/ec-key'
import { parseTimeStampRequest, timeStampRequest, timeStampResponse, timeStampToken, tokenOfResponse } from '@/crypto/tsp'
import { certificateOf, pemOf } from '@/crypto/x509'
import { type TestAuthority, testAuthority } from '@/tests/factories/authority'

const content = new TextEncoder().encode('投标文件递交声明')
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

let authority: TestAuthority
let folder: string
beforeAll(async () => {
  authority = await testAuthority('rsa')
  folder = mkdtempSync(join(tmpdir(), 'cms-'))
  writeFileSync(join(folder, 'root.pem'), pemOf('CERTIFICATE', authority.root.der))
  writeFileSync(join(folder, 'content'), content)
})

describe.each<KeyKind>(['rsa', 'p256', 'sm2'])('a detached %s signature', kind => {
  test('holds over its content and nothing else', async () => {
    const signer = await authority.signer(kind)
    const cms = await signDetached(content, signer)
    const check = checkDetached(cms, content)
    expect(check.ok && check.message.signer.fingerprint).toBe(signer.certificate.fingerprint)
    expect(checkDetached(cms, new Uint8Array([...content, 0]))).toEqual({ ok: false, problem: 'content-differs' })
  })

  test('every flipped byte is refused', async () => {
    const signer = await authority.signer(kind)
    const cms = await signDetached(content, { ...signer, chain: [] })
    fc.assert(
      fc.property(fc.nat(cms.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = cms.slice()
        bytes[place]! ^= change
        const check = checkDetached(bytes, content)
        // What no signature covers may change without harm: the content is still signed by the same key and certificate.
        return !check.ok || check.message.signer.fingerprint === signer.certificate.fingerprint
      }),
      { numRuns: 200 },
    )
  })

  test('a certificate swapped for another of the same key is noticed', async () => {
    const signer = await authority.signer(kind)
    const twin = await authority.issue(signer.keys.spki)
    const cms = await signDetached(content, { ...signer, certificate: { ...twin, der: signer.certificate.der } })
    expect(checkDetached(cms, content).ok).toBe(false)
  })
})

test.each<KeyKind>(['rsa', 'p256'])('openssl cms -verify accepts a %s signature and refuses other content', async kind => {
  const cms = await signDetached(content, await authority.signer(kind))
  writeFileSync(join(folder, `${kind}.p7s`), cms)
  const verify = (file: string) =>
    spawnSync(
      'openssl',
      [
        'cms',
        '-verify',
        '-inform',
        'DER',
        '-in',
        `${kind}.p7s`,
        '-content',
        file,
        '-CAfile',
        'root.pem',
        '-purpose',
        'any',
        '-binary',
        '-cades',
        '-out',
        '/dev/null',
      ],
      { cwd: folder, encoding: 'utf8' },
    )
  expect(verify('content').stderr).toContain('successful')
  expect(verify('root.pem').status).not.toBe(0)
})

test('a second implementation accepts the SM2 signature of a CMS', async () => {
  const signer = await authority.signer('sm2')
  const message = parseSigned(await signDetached(content, signer))
  const { point } = pointOfSpki(signer.certificate.spki)!
  const signature = Buffer.from(message.signature).toString('hex')
  const options = { der: true, hash: true, publicKey: Buffer.from(point).toString('hex') }
  expect(sm2.doVerifySignature(message.attributes, signature, options.publicKey, options)).toBe(true)
})

interface Element {
  at: number
  /** Where its content begins and ends. */
  from: number
  to: number
  text: string
}

/** What OpenSSL, not our reader, finds in a DER. */
function elementsOf(file: string, cwd: string): Element[] {
  const lines = execFileSync('openssl', ['asn1parse', '-inform', 'DER', '-in', file], { cwd, encoding: 'utf8' }).split('\n')
  return lines.flatMap(line => {
    const [, at, header, length, text] = /^\s*(\d+):d=\d+\s+hl=(\d+)\s+l=\s*(\d+)\s+(.*)$/.exec(line) ?? []
    return text
      ? [{ at: Number(at), from: Number(at) + Number(header), to: Number(at) + Number(header) + Number(length), text }]
      : []
  })
}

test('OpenSSL reads an SM2 CMS itself and accepts every link of it: digest, attributes, signature, certificate', async () => {
  const own = await testAuthority('sm2')
  const signer = await own.signer('sm2')
  const cms = await signDetached(content, signer)
  const place = mkdtempSync(join(tmpdir(), 'sm2-cms-'))
  const write = (name: string, bytes: Uint8Array | string) => writeFileSync(join(place, name), bytes)
  const run = (line: string) => spawnSync('openssl', line.split(' '), { cwd: place, encoding: 'utf8' })
  write('root.pem', pemOf('CERTIFICATE', own.root.der))
  write('content', content)
  write('cms.der', cms)
  // `openssl cms -verify` cannot be told the SM2 user id: the parts are taken out by their places and checked one by one.
  expect(run('cms -cmsout -print -noout -inform DER -in cms.der').stdout).toContain('algorithm: sm3')
  const found = elementsOf('cms.der', place)
  const named = found.findIndex(({ text }) => text.endsWith(':messageDigest'))
  const digest = found[named + 2]!
  const signed = found.slice(0, named).findLast(({ text }) => text.includes('cont [ 0 ]'))!
  const signature = found.findLast(({ text }) => text.includes('OCTET STRING'))!
  const attributes = cms.slice(signed.at, signed.to)
  attributes[0] = 0x31 // Signed as SET OF (RFC 5652 §5.4).
  write('attributes', attributes)
  write('signature', cms.subarray(signature.from, signature.to))
  write('certificates.pem', run('pkcs7 -inform DER -in cms.der -print_certs').stdout)
  write('leaf.pem', run('x509 -in certificates.pem').stdout)
  write('key.pem', run('x509 -in leaf.pem -noout -pubkey').stdout)
  expect(run('dgst -sm3 content').stdout.trim()).toContain(Buffer.from(cms.subarray(digest.from, digest.to)).toString('hex'))
  expect(run('verify -vfyopt distid:1234567812345678 -CAfile root.pem leaf.pem').stdout).toContain('leaf.pem: OK')
  const verify =
    'pkeyutl -verify -pubin -inkey key.pem -rawin -in attributes -digest sm3 -sigfile signature -pkeyopt distid:1234567812345678'
  expect(run(verify).stdout).toContain('Signature Verified Successfully')
  write('attributes', attributes.with(9, attributes[9]! ^ 1))
  expect(run(verify).status).not.toBe(0)
  expect(certificateOf(readFileSync(join(place, 'leaf.pem'), 'utf8')).fingerprint).toBe(signer.certificate.fingerprint)
})

test('a browser key (WebCrypto ECDSA, r ‖ s) signs the same form', async () => {
  const pair = (await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const certificate = await authority.issue(new Uint8Array(await webcrypto.subtle.exportKey('spki', pair.publicKey)))
  const cms = await signDetached(content, {
    certificate,
    sign: async bytes =>
      ecdsaDer(
        new Uint8Array(await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, new Uint8Array(bytes))),
      ),
  })
  expect(checkDetached(cms, content).ok).toBe(true)
})

test('openssl ts -verify accepts our token on its own query, and CAdES-T carries it', async () => {
  const tsa = await authority.signer('p256', { isTimeStamper: true, usages: ['digitalSignature'] })
  execFileSync('openssl', ['ts', '-query', '-data', 'content', '-sha256', '-cert', '-out', 'query.tsq'], {
    cwd: folder,
    stdio: 'pipe',
  })
  const query = new Uint8Array(execFileSync('cat', ['query.tsq'], { cwd: folder }))
  const request = parseTimeStampRequest(query)
  expect(request.digest).toEqual(sha256(content))
  const token = await timeStampToken(request, new Date(), randomBytes(8), { ...tsa, chain: [authority.root] })
  writeFileSync(join(folder, 'answer.tsr'), timeStampResponse(token))
  const args = ['ts', '-verify', '-queryfile', 'query.tsq', '-in', 'answer.tsr', '-CAfile', 'root.pem']
  expect(spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' }).stdout).toContain('Verification: OK')
  expect(checkTimeStamp(tokenOfResponse(timeStampResponse(token)), sha256(content))?.signer.fingerprint).toBe(
    tsa.certificate.fingerprint,
  )
  expect(checkTimeStamp(token, sha256(new Uint8Array(1)))).toBe(null)
  const stamped = withTimeStamp(await signDetached(content, await authority.signer('p256')), token)
  const check = checkDetached(stamped, content)
  expect(check.ok && check.message.timeStamp).toEqual(token)
})

test('a token by a certificate without the time-stamping purpose is none', async () => {
  const request = parseTimeStampRequest(timeStampRequest(sha256(content), randomBytes(8)))
  const token = await timeStampToken(request, new Date(), randomBytes(8), await authority.signer('p256'))
  expect(checkTimeStamp(token, sha256(content))).toBe(null)
})

test('noise is refused by name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), noise => {
      expect(() => parseSigned(noise)).toThrow(DerError)
      expect(checkDetached(noise, content)).toEqual({ ok: false, problem: 'malformed' })
      expect(checkTimeStamp(noise, sha256(content))).toBe(null)
    }),
  )
})

test('a signature by a key the certificate does not hold is wrong', async () => {
  const signer = await authority.signer('p256')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const cms = await signDetached(content, { ...signer, sign: bytes => new Uint8Array(sign('sha256', bytes, privateKey)) })
  expect(checkDetached(cms, content)).toEqual({ ok: false, problem: 'signature-wrong' })
})
