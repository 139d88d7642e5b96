// The few strict DER forms of GM/T 0009 (signature, ciphertext) and of EC keys: minimal lengths, minimal positive integers, nothing after the end.
import { type Bytes, bigOf, concat, unhex } from './bytes.ts'

/** One element: its tag, its content, and what follows it. */
export interface Element {
  tag: number
  content: Uint8Array
  rest: Uint8Array
}

function lengthBytes(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length)
  if (length < 0x100) return Uint8Array.of(0x81, length)
  if (length < 0x1_0000) return Uint8Array.of(0x82, length >> 8, length & 255)
  throw new Error('der: too long')
}

const element = (tag: number, content: Uint8Array): Bytes => concat(Uint8Array.of(tag), lengthBytes(content.length), content)

export const derSequence = (...parts: Uint8Array[]): Bytes => element(0x30, concat(...parts))
export const derOctets = (bytes: Uint8Array): Bytes => element(0x04, bytes)

/** INTEGER of a value ≥ 0, in its shortest form. */
export function derInteger(value: bigint): Bytes {
  const text = value.toString(16)
  const bytes = unhex(text.length % 2 ? `0${text}` : text)
  return element(0x02, bytes[0]! >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes)
}

/** Reads one element of the tag. Throws on another tag, a length that is not minimal, or missing bytes. */
export function readElement(bytes: Uint8Array, tag: number): Element {
  const first = bytes[1] ?? -1
  const extra = first === 0x81 ? 1 : first === 0x82 ? 2 : 0
  const length = extra === 0 ? first : extra === 1 ? (bytes[2] ?? -1) : (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0)
  const start = 2 + extra
  const minimal = extra === 0 ? first >= 0 && first < 0x80 : extra === 1 ? length >= 0x80 : length >= 0x100
  if (bytes[0] !== tag || !minimal || bytes.length < start + length) throw new Error('der: malformed')
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) }
}

/** The content of a SEQUENCE that fills the bytes. */
export function readSequence(bytes: Uint8Array): Uint8Array {
  const { content, rest } = readElement(bytes, 0x30)
  if (rest.length) throw new Error('der: bytes after the end')
  return content
}

/** Reads a non-negative INTEGER in its shortest form. */
export function readInteger(bytes: Uint8Array): { value: bigint; rest: Uint8Array } {
  const { content, rest } = readElement(bytes, 0x02)
  const [first = 0x80, second = 0x80] = content
  if (first >= 0x80 || (first === 0 && content.length > 1 && second < 0x80)) throw new Error('der: integer not minimal')
  return { value: bigOf(content), rest }
}
