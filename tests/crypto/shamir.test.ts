import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equal, hex, unhex } from '@/crypto/bytes'
import { combine, deal, interpolate, shareX } from '@/crypto/shamir'
import { nodeRandom } from '@/crypto/suite-node'
import vector from '../vectors/shamir/gf256.json'

const shares = vector.shares.map(unhex)

test('any two shares of the published polynomial give its secret', () => {
  for (const pair of [
    [0, 1],
    [0, 2],
    [1, 2],
    [2, 0],
  ])
    expect(hex(combine(pair.map(i => shares[i]!)))).toBe(vector.secret)
})

test('dealing with the published coefficient gives the published shares', () => {
  const dealt = deal(unhex(vector.secret), 2, 3, () => Uint8Array.of(0x07))
  expect(dealt.map(hex)).toEqual(vector.shares)
})

test('every k-subset gives the secret back, and a missing share is worth nothing', () => {
  const sizes = fc.integer({ min: 2, max: 5 }).chain(k => fc.tuple(fc.constant(k), fc.integer({ min: k, max: 9 })))
  fc.assert(
    fc.property(sizes, fc.uint8Array({ minLength: 16, maxLength: 32 }), ([k, n], secret) => {
      const dealt = deal(secret, k, n, nodeRandom)
      const few = k > 2 && equal(combine(dealt.slice(0, k - 1)), secret)
      return equal(combine(dealt.slice(0, k)), secret) && equal(combine(dealt.slice(-k)), secret) && !few
    }),
  )
})

test('a share off the polynomial shows when the others are asked for its value', () => {
  const dealt = deal(nodeRandom(32), 3, 5, nodeRandom)
  const basis = dealt.slice(0, 3)
  expect(equal(interpolate(basis, shareX(dealt[4]!)), dealt[4]!.subarray(0, 32))).toBe(true)
  expect(equal(interpolate(basis, shareX(dealt[3]!)), dealt[4]!.subarray(0, 32))).toBe(false)
})

test('repeated x, x = 0, mixed lengths and impossible k are refused', () => {
  expect(() => combine([shares[0]!, shares[0]!])).toThrow()
  expect(() => combine([shares[0]!, unhex('4200')])).toThrow()
  expect(() => combine([shares[0]!, unhex('414202')])).toThrow()
  for (const [k, n] of [
    [1, 3],
    [4, 3],
    [2, 256],
  ] as const)
    expect(() => deal(nodeRandom(16), k, n, nodeRandom)).toThrow()
})
