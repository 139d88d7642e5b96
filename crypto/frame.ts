// The plaintext frame of a sealed file (crypto.md §10.5): u32be(m) ‖ JCS{name, size, twinSalt, type} ‖ content ‖ zeros, its length fixed by what it holds.
import { type Bytes, base64, concat, readU32be, u32be, unbase64, utf8 } from './bytes.ts'
import { canonicalBytes, parseCanonical } from './jcs.ts'
import { base64Text, type Check, expectShape, integer, record } from './schema.ts'

export interface FrameMeta {
  name: string
  type: string
  /** Bytes of content. */
  size: number
  /** 32 secret bytes. */
  twinSalt: Uint8Array
}

export const priceRole = 'price'
export const priceFrameBytes = 65_536
const smallestFrame = 1_048_576
const maxMeta = 4_096

const fileName: Check<string> = (value): value is string => {
  if (typeof value !== 'string' || value === '.' || value === '..') return false
  const size = utf8(value).length
  return size >= 1 && size <= 255 && !/[/\\\0]/.test(value)
}
const mediaType: Check<string> = (value): value is string => typeof value === 'string' && /^[!-~ ]{1,255}$/.test(value)
const metaShape = record({ name: fileName, size: integer(0), twinSalt: base64Text(32, 32), type: mediaType })

/** Padmé: the next length whose low bits are zero, at most 12 % more (Nikitin et al., 2019). Exact up to 2^53. */
export function padme(size: number): number {
  if (size < 2) return size
  const e = size.toString(2).length - 1
  const s = e.toString(2).length
  const step = 2 ** (e - s)
  return Math.ceil(size / step) * step
}

/** Frame length for `used` = 4 + m + content bytes. Throws when a price file does not fit its 65,536 bytes. */
export function frameSize(role: string, used: number): number {
  if (role !== priceRole) return Math.max(smallestFrame, padme(used))
  if (used > priceFrameBytes) throw new Error('frame: price file too large')
  return priceFrameBytes
}

/** What stands before the content. Throws when name, type, size or salt break the rules of the frame. */
export function frameHead(meta: FrameMeta): Bytes {
  const value = { name: meta.name, size: meta.size, twinSalt: base64(meta.twinSalt), type: meta.type }
  const json = canonicalBytes(expectShape(metaShape, value, 'frame'))
  if (json.length > maxMeta) throw new Error('frame: description too long')
  return concat(u32be(json.length), json)
}

/** Takes a frame piece by piece and gives its content. What push gave is worth nothing until finish has accepted the whole. */
export interface FrameReader {
  push(bytes: Uint8Array): Uint8Array[]
  /** The frame's description. Throws unless length, padding and content are exactly as the rules say. */
  finish(): FrameMeta
}

/** Starts reading the frame of a file with the given role. Push throws at the first byte that cannot be right. */
export function frameReader(role: string): FrameReader {
  let head: Uint8Array = new Uint8Array()
  let meta: FrameMeta | null = null
  let total = 0
  let left = 0
  const readMeta = (bytes: Uint8Array): Uint8Array => {
    head = concat(head, bytes)
    const end = 4 + (head.length < 4 ? maxMeta : metaLength(head))
    if (head.length < end) return new Uint8Array()
    meta = parseMeta(head.subarray(4, end))
    left = meta.size
    const rest = head.subarray(end)
    head = head.subarray(0, end)
    return rest
  }
  return {
    push(bytes) {
      total += bytes.length
      const rest = meta ? bytes : readMeta(bytes)
      const content = rest.subarray(0, left)
      left -= content.length
      if (!isZero(rest.subarray(content.length))) throw new Error('frame: padding is not zero')
      return content.length ? [content] : []
    },
    finish() {
      if (!meta || left > 0) throw new Error('frame: cut short')
      if (total !== frameSize(role, head.length + meta.size)) throw new Error('frame: wrong padding')
      return meta
    },
  }
}

/** Thirty-two bytes at a time where they lie so: nearly all of a small file is padding. */
function isZero(bytes: Uint8Array): boolean {
  if (bytes.length < 64) return bytes.every(byte => byte === 0)
  const before = (4 - (bytes.byteOffset % 4)) % 4
  const w = new Int32Array(bytes.buffer, bytes.byteOffset + before, Math.floor((bytes.length - before) / 32) * 8)
  let any = 0
  for (let i = 0; i < w.length; i += 8) {
    any |= w[i]! | w[i + 1]! | w[i + 2]! | w[i + 3]!
    any |= w[i + 4]! | w[i + 5]! | w[i + 6]! | w[i + 7]!
  }
  for (let at = 0; at < before; at++) any |= bytes[at]!
  for (let at = before + w.byteLength; at < bytes.length; at++) any |= bytes[at]!
  return any === 0
}

function metaLength(head: Uint8Array): number {
  const length = readU32be(head, 0)
  if (length > maxMeta) throw new Error('frame: description too long')
  return length
}

function parseMeta(json: Uint8Array): FrameMeta {
  const { name, type, size, twinSalt } = expectShape(metaShape, parseCanonical(json), 'frame')
  return { name, type, size, twinSalt: unbase64(twinSalt) }
}
