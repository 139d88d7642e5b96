// Strict DER (ITU-T X.690): a reader with limits and a writer. Node and browser.
import { type Bytes, concat, fromUtf8, hex, unhex } from './bytes.ts'

/** Named error of every reader here: damaged input is refused, never a crash of another kind. */
export class DerError extends Error {
  override name = 'DerError'
}

export interface DerNode {
  tag: number
  /** Without tag and length. */
  content: Uint8Array
  /** With tag and length: what signatures cover. */
  raw: Uint8Array
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const

/** Constructed context tag [n]. */
export const context = (n: number): number => 0xa0 + n
/** Primitive context tag [n]. */
export const implicit = (n: number): number => 0x80 + n

const fail = (what: string): never => {
  throw new DerError(`der: ${what}`)
}

function lengthAt(bytes: Uint8Array, at: number): { length: number; start: number } {
  const first = bytes[at] ?? fail('truncated')
  if (first < 0x80) return { length: first, start: at + 1 }
  const count = first & 0x7f
  if (count === 0 || count > 4) fail('length form')
  let length = 0
  for (let i = 1; i <= count; i++) length = length * 256 + (bytes[at + i] ?? fail('truncated'))
  if (length < 0x80 || length < 256 ** (count - 1)) fail('length not minimal')
  return { length, start: at + 1 + count }
}

/** The element at `at`; throws if it reaches past the end. Tags above 30 are refused. */
export function readAt(bytes: Uint8Array, at: number): DerNode {
  const tag = bytes[at] ?? fail('truncated')
  if ((tag & 0x1f) === 0x1f) fail('long tag')
  const { length, start } = lengthAt(bytes, at + 1)
  if (start + length > bytes.length) fail('truncated')
  return { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(at, start + length) }
}

/** Exactly one element and nothing after it. */
export function readDer(bytes: Uint8Array, tag?: number): DerNode {
  const node = readAt(bytes, 0)
  if (node.raw.length !== bytes.length) fail('trailing bytes')
  return tag === undefined ? node : expectTag(node, tag)
}

export function expectTag(node: DerNode | undefined, tag: number): DerNode {
  if (node?.tag !== tag) fail(`expected tag ${tag.toString(16)}`)
  return node as DerNode
}

/** The elements inside a constructed one, limited in number. */
export function childrenOf(node: DerNode, most = 10_000): DerNode[] {
  const found: DerNode[] = []
  for (let at = 0; at < node.content.length; ) {
    const child = readAt(node.content, at)
    at += child.raw.length
    if (found.push(child) > most) fail('too many elements')
  }
  return found
}

/** Children of a SEQUENCE that must have at least `least`. */
export function sequenceOf(node: DerNode | undefined, least = 0): DerNode[] {
  const children = childrenOf(expectTag(node, tags.sequence))
  if (children.length < least) fail('too few elements')
  return children
}

export function readOid(node: DerNode | undefined): string {
  const bytes = expectTag(node, tags.oid).content
  if (bytes.length === 0 || bytes.length > 64 || bytes[bytes.length - 1]! >= 0x80) fail('oid')
  const arcs: number[] = []
  let value = 0
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f)
    if (value > Number.MAX_SAFE_INTEGER / 128) fail('oid arc')
    if (byte < 0x80) {
      arcs.push(value)
      value = 0
    }
  }
  const first = Math.min(2, Math.floor(arcs[0]! / 40))
  return [first, arcs[0]! - first * 40, ...arcs.slice(1)].join('.')
}

/** INTEGER as lower-case hex of its content (a serial number may be longer than any number type). */
export const readIntegerHex = (node: DerNode | undefined): string => hex(expectTag(node, tags.integer).content)

export function readSmallInteger(node: DerNode | undefined): number {
  const bytes = expectTag(node, tags.integer).content
  if (bytes.length === 0 || bytes.length > 6 || bytes[0]! >= 0x80) fail('integer')
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}

/** Bits of a BIT STRING without unused bits. */
export function readBits(node: DerNode | undefined): Uint8Array {
  const { content } = expectTag(node, tags.bits)
  if (content.length === 0 || content[0] !== 0) fail('bit string')
  return content.subarray(1)
}

export const readOctets = (node: DerNode | undefined): Uint8Array => expectTag(node, tags.octets).content

/** UTCTime or GeneralizedTime in their DER forms (seconds, Z). */
export function readTime(node: DerNode | undefined): Date {
  const text = node ? String.fromCharCode(...node.content) : ''
  const utc = node?.tag === tags.utcTime && /^\d{12}Z$/.test(text)
  const generalized = node?.tag === tags.generalizedTime && /^\d{14}(\.\d{1,6})?Z$/.test(text)
  if (!utc && !generalized) fail('time')
  const full = utc ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const [y, mo, d, h, mi, s] = [
    full.slice(0, 4),
    full.slice(4, 6),
    full.slice(6, 8),
    full.slice(8, 10),
    full.slice(10, 12),
    full.slice(12, 14),
  ]
  const time = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}${full.slice(14, -1)}Z`)
  if (Number.isNaN(time.getTime())) fail('time')
  return time
}

/** A directory string; strings of other kinds than UTF-8, printable and IA5 are read byte by byte. */
export function readText(node: DerNode): string {
  try {
    return node.tag === tags.utf8 ? fromUtf8(node.content) : String.fromCharCode(...node.content.subarray(0, 1_024))
  } catch {
    return fail('text')
  }
}

function lengthBytes(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const digits = length.toString(16)
  const bytes = unhex(digits.length % 2 ? `0${digits}` : digits)
  return concat(Uint8Array.of(0x80 + bytes.length), bytes)
}

/** One element. */
export function der(tag: number, ...parts: Uint8Array[]): Bytes {
  const content = concat(...parts)
  return concat(Uint8Array.of(tag), lengthBytes(content.length), content)
}

export const sequence = (...parts: Uint8Array[]): Bytes => der(tags.sequence, ...parts)
/** SET OF: DER sorts the encodings. */
export const setOf = (...parts: Uint8Array[]): Bytes => der(tags.set, ...[...parts].sort((a, b) => (hex(a) < hex(b) ? -1 : 1)))
export const octets = (bytes: Uint8Array): Bytes => der(tags.octets, bytes)
export const bits = (bytes: Uint8Array, unused = 0): Bytes => der(tags.bits, Uint8Array.of(unused), bytes)
export const nothing: Bytes = der(tags.null)
export const truth: Bytes = der(tags.boolean, Uint8Array.of(0xff))
export const text = (value: string): Bytes => der(tags.utf8, concat(value))
export const ia5 = (value: string): Bytes => der(tags.ia5, concat(value))
export const printable = (value: string): Bytes => der(tags.printable, concat(value))

/** INTEGER from unsigned big-endian bytes or a small number. */
export function integer(value: Uint8Array | number): Bytes {
  let bytes = value
  if (typeof bytes === 'number')
    bytes = unhex(bytes.toString(16).padStart(bytes.toString(16).length + (bytes.toString(16).length % 2), '0'))
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  bytes = bytes.subarray(start)
  return der(tags.integer, bytes[0]! >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes)
}

export function oid(dotted: string): Bytes {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [a * 40 + b, ...rest].flatMap(arc => {
    const septets = [arc % 128]
    for (let value = Math.floor(arc / 128); value > 0; value = Math.floor(value / 128)) septets.unshift((value % 128) + 128)
    return septets
  })
  return der(tags.oid, Uint8Array.from(bytes))
}

/** UTCTime until 2049, GeneralizedTime after it (RFC 5280 §4.1.2.5). */
export function time(at: Date): Bytes {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return at.getUTCFullYear() < 2050
    ? der(tags.utcTime, concat(`${digits.slice(2)}Z`))
    : der(tags.generalizedTime, concat(`${digits}Z`))
}

export const generalizedTime = (at: Date): Bytes =>
  der(tags.generalizedTime, concat(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
