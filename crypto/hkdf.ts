// HKDF (RFC 5869) over HMAC (RFC 2104), for any hash.
import { concat } from './bytes.ts'

export interface HmacHash {
  hash: (bytes: Uint8Array) => Uint8Array
  blockBytes: number
  outputBytes: number
}

/** HMAC of a message (RFC 2104). */
export function hmac(h: HmacHash, key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > h.blockBytes ? h.hash(key) : key
  const inner = padded(h, short, 0x36, message)
  return h.hash(padded(h, short, 0x5c, h.hash(inner)))
}

/** The key xored into a block of one byte, then the message. */
function padded({ blockBytes }: HmacHash, key: Uint8Array, byte: number, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(blockBytes + message.length).fill(byte, 0, blockBytes)
  for (let at = 0; at < key.length; at++) bytes[at]! ^= key[at]!
  bytes.set(message, blockBytes)
  return bytes
}

/** HKDF-Extract (RFC 5869 §2.2). */
export const hkdfExtract = (h: HmacHash, salt: Uint8Array, secret: Uint8Array): Uint8Array => hmac(h, salt, secret)

/** HKDF-Expand (RFC 5869 §2.3). The pseudo-random key may be shorter than the hash: chunked encryption asks for that. */
export function hkdfExpand(h: HmacHash, prk: Uint8Array, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  if (length > 255 * h.outputBytes) throw new Error('hkdf: output too long')
  let block: Uint8Array = new Uint8Array()
  const blocks: Uint8Array[] = []
  for (let i = 1; (i - 1) * h.outputBytes < length; i++) {
    block = hmac(h, prk, concat(block, info, Uint8Array.of(i)))
    blocks.push(block)
  }
  return concat(...blocks).slice(0, length)
}
