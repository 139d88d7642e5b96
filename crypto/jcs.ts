// RFC 8785 JSON Canonicalization Scheme, narrowed by crypto.md §10.4: numbers are safe integers, never −0.
import { fromUtf8, utf8 } from './bytes.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const maxDepth = 64

/** The canonical JSON text of a value. Throws on anything but objects, arrays, well-formed strings, booleans, null and safe integers. */
export const canonical = (value: unknown): string =>
  // What is in order already is spelled by the engine: RFC 8785 takes its literals, strings and integers from ECMAScript.
  isInOrder(value, 0) ? JSON.stringify(value) : spelled(value)

/** As `canonical`, for values whose type already promises JSON. */
export const canonicalize = (value: Json): string => canonical(value)

/** UTF-8 bytes of the canonical text: what is hashed and signed. */
export const canonicalBytes = (value: unknown): Uint8Array<ArrayBuffer> => utf8(canonical(value))

/** Whether the members of every object in a value stand in their order. Throws on what is no JSON of ours. */
function isInOrder(value: unknown, depth: number): boolean {
  if (depth > maxDepth) throw new Error('json: nested too deeply')
  if (typeof value === 'string') return isText(value)
  if (typeof value === 'number') return isInteger(value)
  if (value === null || typeof value === 'boolean') return true
  if (typeof value !== 'object') throw new Error(`json: ${typeof value} is not a JSON value`)
  return Array.isArray(value) ? areInOrder(value, depth) : isObjectInOrder(value, depth)
}

function isText(value: string): true {
  if (!value.isWellFormed()) throw new Error('json: lone surrogate')
  return true
}

function isInteger(value: number): true {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error('json: not a safe integer')
  return true
}

function areInOrder(items: unknown[], depth: number): boolean {
  let all = true
  for (let at = 0; at < items.length; at++) all = isInOrder(items[at], depth + 1) && all
  return all
}

function isObjectInOrder(value: object, depth: number): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw new Error('json: not a plain object')
  let all = true
  let before: string | null = null
  for (const name of Object.keys(value)) {
    // Strings compare by UTF-16 code units, which is the order RFC 8785 §3.2.3 asks for.
    all = isText(name) && (before === null || before < name) && all
    all = isInOrder((value as Record<string, unknown>)[name], depth + 1) && all
    before = name
  }
  return all
}

/** As `canonical`, for a value that was looked through: its members are put in order. */
function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${spelled(member)}`).join(',')}}`
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
