import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sm2 as oracle } from 'sm-crypto-v2'
import { afterAll, describe, expect, test } from 'vitest'
import { bigOf, concat, hex, unhex, utf8 } from '@/crypto/bytes'
import { pkcs8OfScalar, pointOfSpki, scalarOfPkcs8, spkiOfPoint } from '@/crypto/ec-key'
import { readSm2Signature, sm2Generate, sm2PublicKey, sm2Sign, sm2Verify, sm2Za } from '@/crypto/sm2'
import { sm2Decrypt, sm2Encrypt } from '@/crypto/sm2-cipher'
import { derInteger, derOctets, derSequence } from '@/crypto/sm2-der'
import { sm2IsNative, sm2SignNode, sm2VerifyNode } from '@/crypto/sm2-node'
import { sm3 } from '@/crypto/sm3'
import { nodeRandom } from '@/crypto/suite-node'
import vector from '../vectors/sm/sm2.json'

const [secret, point, k] = [unhex(vector.secret), unhex(vector.public), unhex(vector.k)]
const message = utf8(vector.message)
const pkcs8 = pkcs8OfScalar('SM2', secret, point)
const spki = spkiOfPoint('SM2', point)
const folder = mkdtempSync(join(tmpdir(), 'sm2-'))
const file = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const pem = (label: string, der: Uint8Array) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`
afterAll(() => rmSync(folder, { recursive: true }))

describe('signatures', () => {
  test('public key, ZA and signature are those of GB/T 32918.5', () => {
    expect(hex(sm2PublicKey(secret))).toBe(vector.public)
    expect(hex(sm2Za(point))).toBe(vector.za)
    expect(hex(sm3(concat(sm2Za(point), message)))).toBe(vector.e)
    expect(readSm2Signature(sm2Sign(secret, message, () => k))).toEqual([bigOf(unhex(vector.r)), bigOf(unhex(vector.s))])
  })

  test('OpenSSL’s native way passes its self-test here', () => expect(sm2IsNative()).toBe(true))

  test('native and plain signatures verify each other, and not another message or key', () => {
    const native = sm2SignNode(pkcs8, message)
    const plain = sm2Sign(secret, message, nodeRandom)
    const other = spkiOfPoint('SM2', sm2PublicKey(sm2Generate(nodeRandom)))
    for (const signature of [native, plain]) {
      expect(sm2Verify(point, message, signature)).toBe(true)
      expect(sm2VerifyNode(spki, message, signature)).toBe(true)
      expect(sm2VerifyNode(spki, utf8('message digesT'), signature)).toBe(false)
      expect(sm2Verify(point, utf8('message digesT'), signature)).toBe(false)
      expect(sm2VerifyNode(other, message, signature)).toBe(false)
    }
  })

  test('the openssl program accepts ours and we accept its', () => {
    const key = file('key.pem', pem('PRIVATE KEY', pkcs8))
    const text = file('text', message)
    const publicPem = file('pub.pem', pem('PUBLIC KEY', spki))
    const signature = file('sig', sm2SignNode(pkcs8, message))
    const id = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678', '-in', text]
    execFileSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', publicPem, '-sigfile', signature, ...id])
    const theirs = execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', key, ...id])
    expect(sm2VerifyNode(spki, message, new Uint8Array(theirs))).toBe(true)
  })

  test('malformed, negative, zero, out-of-range and padded signatures are no signatures', () => {
    const [r, s] = [bigOf(unhex(vector.r)), bigOf(unhex(vector.s))]
    const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
    const good = derSequence(derInteger(r), derInteger(s))
    const bad = [
      new Uint8Array(),
      derSequence(derInteger(0n), derInteger(s)),
      derSequence(derInteger(r), derInteger(0n)),
      derSequence(derInteger(r + order), derInteger(s)),
      derSequence(derInteger(r), derInteger(s), derInteger(1n)),
      derSequence(derInteger(r)),
      concat(good, Uint8Array.of(0)),
      good.subarray(0, 40),
      unhex(hex(good).replace('0221', '028121')),
    ]
    expect(sm2Verify(point, message, good)).toBe(true)
    for (const signature of bad) {
      expect(sm2Verify(point, message, signature), hex(signature)).toBe(false)
      expect(sm2VerifyNode(spki, message, signature), hex(signature)).toBe(false)
    }
  })
})

describe('encryption', () => {
  const { c1, c2, c3, message: text } = vector.encrypt
  const der = derSequence(
    derInteger(bigOf(unhex(c1.slice(0, 64)))),
    derInteger(bigOf(unhex(c1.slice(64)))),
    derOctets(unhex(c3)),
    derOctets(unhex(c2)),
  )

  test('the ciphertext is that of GB/T 32918.5, as GM/T 0009 DER', () => {
    expect(hex(sm2Encrypt(point, utf8(text), () => k))).toBe(hex(der))
    expect(sm2Decrypt(secret, der)).toEqual(utf8(text))
  })

  test('the openssl program decrypts ours and we decrypt its', () => {
    const key = file('key.pem', pem('PRIVATE KEY', pkcs8))
    const publicPem = file('pub.pem', pem('PUBLIC KEY', spki))
    const ours = file('ours', sm2Encrypt(point, utf8('密钥份额'), nodeRandom))
    expect(execFileSync('openssl', ['pkeyutl', '-decrypt', '-inkey', key, '-in', ours]).toString()).toBe('密钥份额')
    const theirs = execFileSync('openssl', ['pkeyutl', '-encrypt', '-pubin', '-inkey', publicPem, '-in', file('text', 'share')])
    expect(sm2Decrypt(secret, new Uint8Array(theirs))).toEqual(utf8('share'))
  })

  test('another implementation opens ours', () => {
    const sealed = sm2Encrypt(point, utf8('hello'), nodeRandom)
    expect(oracle.doDecrypt(hex(sealed), vector.secret, 1, { asn1: true })).toBe('hello')
  })

  test('every flipped bit and every other key fails', () => {
    const sealed = sm2Encrypt(point, utf8('a share of 33 bytes, give or take'), nodeRandom)
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const bent = sealed.slice()
        bent[at] = bent[at]! ^ (1 << bit)
        expect(() => sm2Decrypt(secret, bent)).toThrow()
      }),
      { numRuns: 60 },
    )
    expect(() => sm2Decrypt(sm2Generate(nodeRandom), sealed)).toThrow()
    expect(() => sm2Decrypt(secret, sealed.subarray(0, -1))).toThrow()
  })

  test('a point off the curve is refused, encrypting and decrypting', () => {
    const off = point.slice()
    off[64] = off[64]! ^ 1
    expect(() => sm2Encrypt(off, utf8('x'), nodeRandom)).toThrow()
    expect(() =>
      sm2Decrypt(secret, derSequence(derInteger(1n), derInteger(1n), derOctets(unhex(c3)), derOctets(unhex(c2)))),
    ).toThrow()
  })
})

describe('key encodings', () => {
  test('PKCS#8 and SPKI round-trip, and OpenSSL reads them as SM2 keys', () => {
    expect(scalarOfPkcs8(pkcs8)).toEqual({ curve: 'SM2', secret })
    expect(scalarOfPkcs8(pkcs8OfScalar('SM2', secret))).toEqual({ curve: 'SM2', secret })
    expect(pointOfSpki(spki)).toEqual({ curve: 'SM2', point })
    const native = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
    expect(scalarOfPkcs8(native.export({ format: 'der', type: 'pkcs8' })).secret).toEqual(secret)
  })

  test('other spellings of a key are refused', () => {
    expect(pointOfSpki(spki.subarray(1))).toBeNull()
    expect(pointOfSpki(concat(spki, Uint8Array.of(0)))).toBeNull()
    expect(() => scalarOfPkcs8(pkcs8.subarray(0, -1))).toThrow()
    expect(() => scalarOfPkcs8(concat(pkcs8, Uint8Array.of(0)))).toThrow()
  })
})
