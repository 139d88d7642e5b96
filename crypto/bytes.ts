// Bytes as Uint8Array, and the two spellings crypto.md §10.13 allows: lower-case hex and canonical padded base64.

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 of a string. Lone surrogates become U+FFFD: canonical JSON refuses them before they get here. */
export const utf8 = (text: string): Bytes => encoder.encode(text)

/** The string behind UTF-8 bytes; a BOM stays in it. Throws on invalid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Error('utf-8: invalid')
  }
}

/** Joins parts into one new array; strings stand for their UTF-8. */
export function concat(...parts: (Uint8Array | string)[]): Bytes {
  const arrays = parts.map(part => (typeof part === 'string' ? utf8(part) : part))
  const all = new Uint8Array(arrays.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of arrays) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** True when both hold the same bytes. Takes the same time for equal lengths, whatever the bytes. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at++) difference |= a[at]! ^ b[at]!
  return difference === 0
}

/** a ⊕ b. Throws when the lengths differ. */
export function xor(a: Uint8Array, b: Uint8Array): Bytes {
  if (a.length !== b.length) throw new Error('xor: lengths differ')
  const out = new Uint8Array(a.length)
  for (let at = 0; at < a.length; at++) out[at] = a[at]! ^ b[at]!
  return out
}

/** Four bytes, big-endian. */
export function u32be(value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** Reads four bytes, big-endian. Throws a RangeError past the end. */
export const readU32be = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at)

/** Lower-case hex. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at++) text += hexOf[bytes[at]!]
  return text
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Bytes of lower-case hex. Throws on anything else. */
export function unhex(text: string): Bytes {
  if (text.length % 2 === 1) throw new Error('not lower-case hex')
  const bytes = new Uint8Array(text.length / 2)
  let all = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = (digitOf(text.charCodeAt(2 * at)) << 4) | digitOf(text.charCodeAt(2 * at + 1))
    all |= byte
    bytes[at] = byte
  }
  if (all < 0) throw new Error('not lower-case hex')
  return bytes
}

/** The value of a hex digit's code; -1 of anything else. */
const digitOf = (code: number): number => (code < digits.length ? digits[code]! : -1)
const digits = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)))

/** Padded base64 (RFC 4648 §4). */
export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

/** Bytes of canonical padded base64. Throws on missing padding, white space, or stray bits in the last digit. */
export function unbase64(text: string): Bytes {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='))
  if (text.length % 4 !== 0) throw new Error('not canonical base64')
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let [all, bits, at] = [0, 0, 0]
  for (let i = 0; i < text.length - padding; i++) {
    const six = sixOf(text.charCodeAt(i))
    all |= six
    bits = (bits << 6) | six
    if (i % 4 > 0) bytes[at++] = bits >> (6 - 2 * (i % 4))
  }
  const stray = bits & (4 ** padding - 1)
  if (all < 0 || stray !== 0) throw new Error('not canonical base64')
  return bytes
}

/** The value of a base64 digit's code; -1 of anything else. */
const sixOf = (code: number): number => (code < sixes.length ? sixes[code]! : -1)
const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const sixes = Int8Array.from({ length: 128 }, (_, code) => base64Digits.indexOf(String.fromCharCode(code)))

/** The same bytes typed for WebCrypto; copied only when they stand in shared memory. */
export const plainBytes = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : new Uint8Array(bytes)

/** 32-bit words as big-endian bytes. */
export function wordBytes(words: ArrayLike<number>): Bytes {
  const view = new DataView(new ArrayBuffer(4 * words.length))
  for (let at = 0; at < words.length; at++) view.setInt32(4 * at, words[at]!)
  return new Uint8Array(view.buffer)
}

/** Big-endian bytes as an integer. */
export const bigOf = (bytes: Uint8Array): bigint => (bytes.length ? BigInt(`0x${hex(bytes)}`) : 0n)

/** An integer as `length` big-endian bytes. Throws when it does not fit. */
export function bigBytes(value: bigint, length: number): Bytes {
  const text = value.toString(16).padStart(2 * length, '0')
  if (value < 0n || text.length > 2 * length) throw new Error('integer does not fit')
  return unhex(text)
}
