// EC keys of the two curves in use, as SubjectPublicKeyInfo (RFC 5480) and PKCS#8 (RFC 5958): named curve, uncompressed point (crypto.md §10.13).
import { type Bytes, concat, equal, hex, unhex } from './bytes.ts'
import { derOctets, derSequence, readElement, readInteger, readSequence } from './sm2-der.ts'

export type Curve = 'P-256' | 'SM2'

const algorithm: Record<Curve, Bytes> = {
  'P-256': unhex('301306072a8648ce3d020106082a8648ce3d030107'),
  SM2: unhex('301306072a8648ce3d020106082a811ccf5501822d'),
}
// SEQUENCE of 89 bytes: algorithm (21), BIT STRING of 66 bytes without unused bits.
const prefixOf = (curve: Curve): Bytes => concat(unhex('3059'), algorithm[curve], unhex('034200'))
const spkiPrefix: Record<Curve, Bytes> = { 'P-256': prefixOf('P-256'), SM2: prefixOf('SM2') }

/** SPKI of an uncompressed point (65 bytes). */
export const spkiOfPoint = (curve: Curve, point: Uint8Array): Bytes => concat(spkiPrefix[curve], point)

/** Curve and uncompressed point of an SPKI, or null when it is of another kind or spelling. Whether the point is on the curve is checked at use. */
export function pointOfSpki(spki: Uint8Array): { curve: Curve; point: Uint8Array } | null {
  for (const curve of ['P-256', 'SM2'] as const) {
    if (spki.length === 91 && equal(spki.subarray(0, 26), spkiPrefix[curve]) && spki[26] === 4)
      return { curve, point: spki.subarray(26) }
  }
  return null
}

/** The 32-byte scalar of a PKCS#8 private key on one of the curves. Throws on anything else. */
export function scalarOfPkcs8(pkcs8: Uint8Array): { curve: Curve; secret: Bytes } {
  const version = readInteger(readSequence(pkcs8))
  const head = version.rest.subarray(0, 21)
  const curve = (['P-256', 'SM2'] as const).find(name => equal(algorithm[name], head))
  if (version.value !== 0n || !curve) throw new Error('not a P-256 or SM2 private key')
  const inner = readSequence(readElement(version.rest.subarray(21), 0x04).content)
  const innerVersion = readInteger(inner)
  const secret = readElement(innerVersion.rest, 0x04).content
  if (innerVersion.value !== 1n || secret.length !== 32) throw new Error('not a P-256 or SM2 private key')
  return { curve, secret: new Uint8Array(secret) }
}

/** PKCS#8 of a 32-byte scalar, with its public point (65 bytes) when given. */
export function pkcs8OfScalar(curve: Curve, secret: Uint8Array, point?: Uint8Array): Bytes {
  const version = (value: number) => Uint8Array.of(2, 1, value)
  const publicPart = point ? unhex(`a144034200${hex(point)}`) : new Uint8Array()
  const inner = derSequence(version(1), derOctets(secret), publicPart)
  return derSequence(version(0), algorithm[curve], derOctets(inner))
}
