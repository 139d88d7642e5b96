// The public point of an EC private key, on either curve. Node and browser.
import { p256 } from '@noble/curves/nist.js'
import type { Bytes } from './bytes.ts'
import type { Curve } from './ec-key.ts'
import { Sm2Point, sm2Generate, sm2PublicKey } from './sm2.ts'
import type { Random } from './suite.ts'

/** The uncompressed point (65 bytes) of a 32-byte private key. Throws on a scalar out of range. */
export const derivePublicPoint = (curve: Curve, secret: Uint8Array): Bytes =>
  curve === 'SM2' ? sm2PublicKey(secret) : new Uint8Array(p256.getPublicKey(secret, false))

/** Whether 65 bytes are a point of the curve. */
export function isOnCurve(curve: Curve, point: Uint8Array): boolean {
  try {
    ;(curve === 'SM2' ? Sm2Point : p256.Point).fromBytes(point).assertValidity()
    return point.length === 65
  } catch {
    return false
  }
}

/** A fresh private key of the curve: 32 bytes, never out of range. */
export function freshSecret(curve: Curve, random: Random): Bytes {
  if (curve === 'SM2') return sm2Generate(random)
  for (;;) {
    const secret = random(32)
    if (p256.utils.isValidSecretKey(secret)) return new Uint8Array(secret)
  }
}
