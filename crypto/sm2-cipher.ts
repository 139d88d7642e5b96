// SM2 public-key encryption (GB/T 32918.4), order C1 C3 C2, as the strict DER SEQUENCE {x, y, C3, C2} of GM/T 0009.
import { type Bytes, bigBytes, bigOf, concat, equal, u32be, xor } from './bytes.ts'
import { freshScalar, Sm2Point } from './sm2.ts'
import { derInteger, derOctets, derSequence, readElement, readInteger, readSequence } from './sm2-der.ts'
import { sm3 } from './sm3.ts'
import type { Random } from './suite.ts'

type Point = InstanceType<typeof Sm2Point>

const coordinates = (point: Point): [Bytes, Bytes] => {
  const { x, y } = point.toAffine()
  return [bigBytes(x, 32), bigBytes(y, 32)]
}

/** KDF of GB/T 32918.4 §5.4.3 by SM3. */
function keyStream(x: Uint8Array, y: Uint8Array, length: number): Bytes {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sm3(concat(x, y, u32be(i + 1))))
  return concat(...blocks).slice(0, length)
}

/** Encrypts a short message to an uncompressed public key (65 bytes). Throws on a point off the curve or an empty message. */
export function sm2Encrypt(publicKey: Uint8Array, message: Uint8Array, random: Random): Bytes {
  if (message.length === 0) throw new Error('sm2: empty message')
  const recipient = Sm2Point.fromBytes(publicKey)
  for (;;) {
    const k = freshScalar(random)
    const [x, y] = coordinates(recipient.multiply(k))
    const stream = keyStream(x, y, message.length)
    // An all-zero key stream would send the message in clear: GB/T 32918.4 §6.1 takes another k.
    if (stream.every(byte => byte === 0)) continue
    const c1 = Sm2Point.BASE.multiply(k).toAffine()
    return derSequence(derInteger(c1.x), derInteger(c1.y), derOctets(sm3(concat(x, message, y))), derOctets(xor(message, stream)))
  }
}

/** Decrypts with a 32-byte private key. Throws on malformed DER, a point off the curve, or a C3 that does not fit. */
export function sm2Decrypt(secret: Uint8Array, sealed: Uint8Array): Bytes {
  const x1 = readInteger(readSequence(sealed))
  const y1 = readInteger(x1.rest)
  const c3 = readElement(y1.rest, 0x04)
  const c2 = readElement(c3.rest, 0x04)
  if (c2.rest.length || c3.content.length !== 32 || c2.content.length === 0) throw new Error('sm2: malformed ciphertext')
  const c1 = Sm2Point.fromAffine({ x: x1.value, y: y1.value })
  c1.assertValidity()
  const [x, y] = coordinates(c1.multiply(bigOf(secret)))
  const stream = keyStream(x, y, c2.content.length)
  const message = xor(c2.content, stream)
  const fits = equal(sm3(concat(x, message, y)), c3.content)
  if (!fits || stream.every(byte => byte === 0)) throw new Error('sm2: ciphertext damaged')
  return message
}
