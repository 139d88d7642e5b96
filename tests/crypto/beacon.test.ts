// Two beacons that a draw could take its public value from and does not (decision 075): their published values, reproduced by programs
// that stand here alone.
import { createHash } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { p256 } from '@noble/curves/nist.js'
import { expect, test } from 'vitest'
import { bigOf, concat, hex, unhex, utf8 } from '@/crypto/bytes'
import drand from '../vectors/beacon/drand-quicknet.json'
import vrf from '../vectors/beacon/ecvrf-p256-tai.json'

const sha256 = (...parts: Uint8Array[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  )
const { Point } = p256
type P256Point = InstanceType<typeof Point>

/** Try-and-increment (RFC 9381 §5.4.1.1). */
function toCurve(key: Uint8Array, alpha: Uint8Array): P256Point {
  for (let counter = 0; counter < 256; counter++) {
    const x = sha256(Uint8Array.of(1, 1), key, alpha, Uint8Array.of(counter, 0))
    try {
      return Point.fromBytes(concat(Uint8Array.of(2), x))
    } catch {}
  }
  throw new Error('no point')
}

/** ECVRF-P256-SHA256-TAI (RFC 9381 §5.3): beta in hex, or null. */
function betaOf(key: Uint8Array, alpha: Uint8Array, pi: Uint8Array): string | null {
  const [y, h, gamma] = [Point.fromBytes(key), toCurve(key, alpha), Point.fromBytes(pi.subarray(0, 33))]
  const [c, s] = [bigOf(pi.subarray(33, 49)), bigOf(pi.subarray(49))]
  const u = Point.BASE.multiply(s).subtract(y.multiply(c))
  const v = h.multiply(s).subtract(gamma.multiply(c))
  const points = [y, h, gamma, u, v].map(point => point.toBytes(true))
  const challenge = sha256(Uint8Array.of(1, 2), ...points, Uint8Array.of(0)).subarray(0, 16)
  if (bigOf(challenge) !== c) return null
  return hex(sha256(Uint8Array.of(1, 3), gamma.toBytes(true), Uint8Array.of(0)))
}

test('RFC 9381’s first example of ECVRF-P256-SHA256-TAI verifies, another input does not', () => {
  const [key, pi] = [unhex(vrf.publicKey), unhex(vrf.pi)]
  expect(betaOf(key, utf8(vrf.alpha), pi)).toBe(vrf.beta)
  expect(betaOf(key, utf8('samplE'), pi)).toBeNull()
})

/** Whether this is the network's signature over the round (unchained: over SHA-256 of its number). */
function isRound(round: number, signature: string): boolean {
  const number = new Uint8Array(8)
  new DataView(number.buffer).setBigUint64(0, BigInt(round))
  const { shortSignatures } = bls12_381
  const message = shortSignatures.hash(sha256(number), 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_')
  return shortSignatures.verify(unhex(signature), message, unhex(drand.publicKey))
}

test('drand quicknet round 657413 verifies without the network, and gives its randomness', () => {
  expect(isRound(drand.round, drand.signature)).toBe(true)
  expect(isRound(drand.round + 1, drand.signature)).toBe(false)
  expect(hex(sha256(unhex(drand.signature)))).toBe(drand.randomness)
})
