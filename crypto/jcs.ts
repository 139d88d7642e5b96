// RFC 8785 JSON Canonicalization Scheme, narrowed by crypto.md §10.4: numbers are safe integers, never −0.
import { fromUtf8, utf8 } from './bytes.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const maxDepth = 64

/** The canonical JSON text of a value. Throws on anything but objects, arrays, well-formed strings, booleans, null and safe integers. */
export function canonical(value: unknown, depth = 0): string {
  if (depth > maxDepth) throw new Error('json: nested too deeply')
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${Array.from(value, item => canonical(item, depth + 1)).join(',')}]`
  if (typeof value === 'object') return canonicalObject(value, depth)
  throw new Error(`json: ${typeof value} is not a JSON value`)
}

/** As `canonical`, for values whose type already promises JSON. */
export const canonicalize = (value: Json): string => canonical(value)

/** UTF-8 bytes of the canonical text: what is hashed and signed. */
export const canonicalBytes = (value: unknown): Uint8Array<ArrayBuffer> => utf8(canonical(value))

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error('json: not a safe integer')
  return String(value)
}

function canonicalString(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new Error('json: lone surrogate')
  return JSON.stringify(value)
}

function canonicalObject(value: object, depth: number): string {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw new Error('json: not a plain object')
  // Array#sort compares UTF-16 code units, which is the order RFC 8785 §3.2.3 asks for.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${canonicalString(name)}:${canonical(member, depth + 1)}`).join(',')}}`
}

/** Reads JSON that is already canonical. Throws when the bytes differ from their own canonical form in any byte: order, spacing, escapes, repeats, floats, BOM. */
export function parseCanonical(bytes: Uint8Array): Json {
  return parseCanonicalText(fromUtf8(bytes))
}

/** As `parseCanonical`, for text that was decoded elsewhere. */
export function parseCanonicalText(text: string): Json {
  const value: Json = JSON.parse(text)
  if (canonical(value) !== text) throw new Error('json: not canonical')
  return value
}
