import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, equal, hex, unhex, wordBytes } from '@/crypto/bytes'
import { sm4Ctr, sm4Encrypt, sm4RoundKeys } from '@/crypto/sm4'
import { sm4Gcm } from '@/crypto/sm4gcm'
import vector from '../vectors/sm/sm4.json'
import gcmVector from '../vectors/sm/sm4-gcm.json'

const wordsOf = (text: string) => Int32Array.from(text.match(/.{8}/g)!, word => Number.parseInt(word, 16))

test('SM4 gives the standard’s block after one and after a million encryptions', () => {
  const keys = sm4RoundKeys(unhex(vector.key))
  const block = wordsOf(vector.plain)
  sm4Encrypt(keys, block)
  expect(hex(wordBytes(block))).toBe(vector.once)
  for (let i = 1; i < 1_000_000; i++) sm4Encrypt(keys, block)
  expect(hex(wordBytes(block))).toBe(vector.millionTimes)
})

const hexOf = (block: Int32Array) => hex(wordBytes(block))

test('SM4 and its counter mode give the blocks of draft-ribose-cfrg-sm4', () => {
  for (const [key, plain, sealed] of vector.draft.ecb as [string, string, string][]) {
    const keys = sm4RoundKeys(unhex(key))
    const blocks = plain.match(/.{32}/g)!.map(part => {
      const block = wordsOf(part)
      sm4Encrypt(keys, block)
      return hexOf(block)
    })
    expect(blocks.join('')).toBe(sealed)
  }
  for (const [key, iv, plain, sealed] of vector.draft.ctr as [string, string, string, string][]) {
    const out = new Uint8Array(plain.length / 2)
    sm4Ctr(sm4RoundKeys(unhex(key)), unhex(iv.slice(0, 24)), Number.parseInt(iv.slice(24), 16), unhex(plain), out)
    expect(hex(out)).toBe(sealed)
  }
})

test('SM4-CTR agrees with OpenSSL at any length', () => {
  const key = unhex(vector.key)
  const keys = sm4RoundKeys(key)
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.uint8Array({ maxLength: 100 }), (nonce, input) => {
      const out = new Uint8Array(input.length)
      sm4Ctr(keys, nonce, 2, input, out)
      return equal(out, createCipheriv('sm4-ctr', key, concat(nonce, Uint8Array.of(0, 0, 0, 2))).update(input))
    }),
  )
})

test('AEAD_SM4_GCM gives the ciphertext and tag of RFC 8998', () => {
  const [key, nonce, aad, plain] = [gcmVector.key, gcmVector.iv, gcmVector.aad, gcmVector.plain].map(unhex) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  const out = new Uint8Array(plain.length + 16)
  sm4Gcm(key).seal(nonce, plain, out, aad)
  expect(hex(out)).toBe(gcmVector.sealed + gcmVector.tag)
  const back = new Uint8Array(plain.length)
  sm4Gcm(key).open(nonce, out, back, aad)
  expect(hex(back)).toBe(gcmVector.plain)
  expect(() => sm4Gcm(key).open(nonce, out, back)).toThrow('tag')
})

test('every flipped byte of a sealed message fails', () => {
  const [key, nonce] = [unhex(vector.key), new Uint8Array(12)]
  const aead = sm4Gcm(key)
  const sealed = new Uint8Array(37 + 16)
  aead.seal(nonce, new Uint8Array(37), sealed)
  sealed.forEach((_, at) => {
    const bent = sealed.slice()
    bent[at] = bent[at]! ^ 1
    expect(() => aead.open(nonce, bent, new Uint8Array(37))).toThrow()
  })
})
