// Hand-written checks for parsed JSON: exactly the listed fields, each of its kind. No library, so that outsiders' tools stay small.

import { unbase64 } from './bytes.ts'

/** JSON Schema (2020-12) of what a check lets pass. */
export type JsonSchema = Record<string, unknown>

export interface Check<T> {
  (value: unknown): value is T
  schema?: JsonSchema
}

/** A check that can say as JSON Schema what it lets pass; where the schema cannot say all of it, the check is the stricter. */
export const described = <T>(schema: JsonSchema, check: (value: unknown) => value is T): Check<T> =>
  Object.assign(check, { schema })

const schemaOf = (check: Check<unknown> | undefined): JsonSchema => check?.schema ?? {}

/** Type a check promises. */
export type Checked<C> = C extends Check<infer T> ? T : never

/** A string that matches. */
export const text = (pattern: RegExp): Check<string> =>
  described({ type: 'string', pattern: pattern.source }, (value): value is string => {
    return typeof value === 'string' && pattern.test(value)
  })

/** One of the given strings. */
export const oneOf = <const T extends string>(...options: T[]): Check<T> =>
  described({ enum: options }, (value): value is T => options.some(option => option === value))

/** A safe integer in a range, never −0. */
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER): Check<number> =>
  described({ type: 'integer', minimum: min, maximum: max }, (value): value is number => {
    const isWhole = typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)
    return isWhole && value >= min && value <= max
  })

/** Null or what the check says. */
export const nullable = <T>(check: Check<T>): Check<T | null> =>
  described({ anyOf: [{ type: 'null' }, schemaOf(check)] }, (value): value is T | null => value === null || check(value))

/** An array whose items all fit. */
export const list = <T>(check: Check<T>, min = 0, max = 10_000): Check<T[]> =>
  described({ type: 'array', items: schemaOf(check), minItems: min, maxItems: max }, (value): value is T[] => {
    return Array.isArray(value) && value.length >= min && value.length <= max && value.every(item => check(item))
  })

type Shape = Record<string, Check<unknown>>
type Fields<S extends Shape> = { [K in keyof S]: Checked<S[K]> }

const propertiesOf = (shape: Shape): JsonSchema =>
  Object.fromEntries(Object.entries(shape).map(([name, check]) => [name, schemaOf(check)]))

/** An object with exactly these fields; those of `optional` may be missing. */
export function record<S extends Shape, O extends Shape = Record<never, never>>(
  fields: S,
  optional?: O,
): Check<Fields<S> & Partial<Fields<O>>> {
  const properties = propertiesOf({ ...fields, ...optional })
  const schema = { type: 'object', properties, required: Object.keys(fields), additionalProperties: false }
  return described(schema, (value): value is Fields<S> & Partial<Fields<O>> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    for (const name in fields) if (!Object.hasOwn(value, name)) return false
    return Object.entries(value).every(
      ([name, member]) => (ownCheck(fields, name) ?? ownCheck(optional, name))?.(member) ?? false,
    )
  })
}

const ownCheck = (shape: Shape | undefined, name: string) => (shape && Object.hasOwn(shape, name) ? shape[name] : undefined)

/** The value, typed. Throws naming what it should have been. */
export function expectShape<T>(check: Check<T>, value: unknown, what: string): T {
  if (!check(value)) throw new Error(`${what}: malformed`)
  return value
}

export const hex64 = text(/^[0-9a-f]{64}$/)
export const hex32 = text(/^[0-9a-f]{32}$/)
/** 1–128 characters (crypto.md §10.4). */
export const name128: Check<string> = described({ type: 'string', minLength: 1, maxLength: 128 }, (value): value is string => {
  if (typeof value !== 'string' || value.length === 0) return false
  return value.length <= 128 || (value.length <= 256 && [...value].length <= 128)
})
const second = text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
/** A UTC second that exists, exactly `YYYY-MM-DDTHH:MM:SSZ`. */
export const rfc3339z: Check<string> = described(schemaOf(second), (value): value is string => second(value) && isRealTime(value))

function isRealTime(value: string): boolean {
  const time = new Date(value)
  return !Number.isNaN(time.getTime()) && time.toISOString() === value.replace('Z', '.000Z')
}

const base64Length = (bytes: number) => Math.ceil(bytes / 3) * 4

/** Canonical padded base64 of min–max bytes. */
export const base64Text = (min: number, max: number): Check<string> =>
  described(
    { type: 'string', contentEncoding: 'base64', minLength: base64Length(min), maxLength: base64Length(max) },
    (value): value is string => {
      if (typeof value !== 'string' || value.length < (min * 4) / 3 || value.length > (max * 4) / 3 + 4) return false
      try {
        const { length } = unbase64(value)
        return length >= min && length <= max
      } catch {
        return false
      }
    },
  )
