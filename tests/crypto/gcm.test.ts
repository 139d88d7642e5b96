import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, equal } from '@/crypto/bytes'
import { type GcmBlock, gcmOpen, gcmSeal, ghashTables } from '@/crypto/gcm'

// The same GCM code over AES must equal OpenSSL's AES-GCM: this tests GHASH and the layout, whatever the cipher.
const ecb = (key: Uint8Array, block: Uint8Array) => new Uint8Array(createCipheriv('aes-128-ecb', key, null).update(block))
const aes = (key: Uint8Array): GcmBlock => ({
  stream: (nonce, input, out) =>
    out.set(createCipheriv('aes-128-ctr', key, concat(nonce, Uint8Array.of(0, 0, 0, 2))).update(input)),
  mask: nonce => ecb(key, concat(nonce, Uint8Array.of(0, 0, 0, 1))),
})
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

test('over AES it is OpenSSL’s AES-GCM, for any lengths of text and associated data', () => {
  fc.assert(
    fc.property(
      bytes(16),
      bytes(12),
      fc.uint8Array({ maxLength: 70 }),
      fc.uint8Array({ maxLength: 70 }),
      (key, nonce, aad, plain) => {
        const tables = ghashTables(ecb(key, new Uint8Array(16)))
        const out = new Uint8Array(plain.length + 16)
        gcmSeal(aes(key), tables, nonce, aad, plain, out)
        const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(aad)
        const expected = concat(cipher.update(plain), cipher.final(), cipher.getAuthTag())
        const back = new Uint8Array(plain.length)
        gcmOpen(aes(key), tables, nonce, aad, out, back)
        return equal(out, expected) && equal(back, plain)
      },
    ),
  )
})

test('a text shorter than its tag is refused', () => {
  const key = new Uint8Array(16)
  expect(() =>
    gcmOpen(aes(key), ghashTables(key), new Uint8Array(12), new Uint8Array(), new Uint8Array(15), new Uint8Array()),
  ).toThrow()
})
