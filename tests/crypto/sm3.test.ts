import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hex, utf8 } from '@/crypto/bytes'
import { sm3 } from '@/crypto/sm3'
import vectors from '../vectors/sm/sm3.json'

test.each(vectors.tests)('the standard’s hash of $text', ({ text, hash }) => expect(hex(sm3(utf8(text)))).toBe(hash))

test('plain JavaScript and OpenSSL agree at every length', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => hex(sm3(bytes)) === hash('sm3', bytes)))
  for (let length = 0; length < 200; length++) expect(hex(sm3(new Uint8Array(length)))).toBe(hash('sm3', new Uint8Array(length)))
})
