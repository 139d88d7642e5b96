// SM2 (GB/T 32918) on @noble/curves: keys, signatures with ZA, and their DER form (GM/T 0009). Works in the browser; sm2-node.ts is the native way.
import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { type Bytes, bigBytes, bigOf, concat } from './bytes.ts'
import { derInteger, derSequence, readInteger, readSequence } from './sm2-der.ts'
import { sm3 } from './sm3.ts'
import type { Random } from './suite.ts'

const domain = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
}

/** The curve's points, checked on the curve when read. */
export const Sm2Point = weierstrass(domain)
const order = domain.n

/** The user identity every certificate and message of this platform is signed under (GM/T 0009 default). */
export const defaultUserId = '1234567812345678'

const mod = (value: bigint): bigint => ((value % order) + order) % order

function invert(value: bigint): bigint {
  let [a, b, x, y] = [mod(value), order, 1n, 0n]
  while (a > 1n) {
    const q = b / a
    ;[a, b, x, y] = [b % a, a, y - q * x, x]
  }
  return mod(x)
}

/** A scalar in 1 … n − 2 from 32 bytes; throws on anything else. */
function secretScalar(secret: Uint8Array): bigint {
  const d = bigOf(secret)
  if (secret.length !== 32 || d < 1n || d > order - 2n) throw new Error('sm2: private key out of range')
  return d
}

/** A fresh scalar in 1 … n − 1, by rejection. */
export function freshScalar(random: Random): bigint {
  for (;;) {
    const k = bigOf(random(32))
    if (k > 0n && k < order) return k
  }
}

/** The uncompressed public point (65 bytes) of a 32-byte private key. */
export const sm2PublicKey = (secret: Uint8Array): Bytes =>
  new Uint8Array(Sm2Point.BASE.multiply(secretScalar(secret)).toBytes(false))

/** A fresh 32-byte private key. */
export function sm2Generate(random: Random): Bytes {
  for (;;) {
    const d = freshScalar(random)
    if (d <= order - 2n) return bigBytes(d, 32)
  }
}

/** ZA: the hash that ties a signature to the signer's identity, curve and public key (GB/T 32918.2 §5.5). Throws on a point off the curve. */
export function sm2Za(publicKey: Uint8Array, userId = defaultUserId): Bytes {
  const { x, y } = Sm2Point.fromBytes(publicKey).toAffine()
  const id = concat(userId)
  const numbers = [domain.a, domain.b, domain.Gx, domain.Gy, x, y].map(value => bigBytes(value, 32))
  return sm3(concat(Uint8Array.of((id.length * 8) >> 8, (id.length * 8) & 255), id, ...numbers))
}

const digestOf = (publicKey: Uint8Array, message: Uint8Array, userId?: string) =>
  bigOf(sm3(concat(sm2Za(publicKey, userId), message)))

/** A DER signature over the message (GB/T 32918.2 §6). */
export function sm2Sign(secret: Uint8Array, message: Uint8Array, random: Random, userId?: string): Bytes {
  const d = secretScalar(secret)
  const e = digestOf(sm2PublicKey(secret), message, userId)
  for (;;) {
    const k = freshScalar(random)
    const r = mod(e + Sm2Point.BASE.multiply(k).toAffine().x)
    const s = mod(invert(1n + d) * (k - r * d))
    if (r !== 0n && r + k !== order && s !== 0n) return derSequence(derInteger(r), derInteger(s))
  }
}

/** True when the DER signature fits message and public key (65 bytes). A malformed signature is no signature; a point off the curve throws. */
export function sm2Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, userId?: string): boolean {
  const pair = readSm2Signature(signature)
  if (!pair) return false
  const [r, s] = pair
  const t = mod(r + s)
  if (t === 0n) return false
  const point = Sm2Point.BASE.mulAddUnsafe(s, Sm2Point.fromBytes(publicKey), t)
  return !point.is0() && mod(digestOf(publicKey, message, userId) + point.toAffine().x) === r
}

/** r and s of a strict DER signature, or null when it is malformed or out of range. */
export function readSm2Signature(der: Uint8Array): [bigint, bigint] | null {
  try {
    const content = readSequence(der)
    const r = readInteger(content)
    const s = readInteger(r.rest)
    const inRange = [r.value, s.value].every(value => value >= 1n && value < order)
    return inRange && s.rest.length === 0 ? [r.value, s.value] : null
  } catch {
    return null
  }
}
