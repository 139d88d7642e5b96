// tbid/parameter@1: parameters drawn at an opening (下浮率, K, 公式号), out of secrets that every bid was committed to before the deadline.

import { digestOf } from './algorithm.ts'
import { bigOf, concat, equal, hex, unbase64 } from './bytes.ts'
import { commitmentOf } from './chunked.ts'
import type { Head } from './header.ts'
import { canonicalBytes } from './jcs.ts'
import { base64Text, type Checked, hex32, hex64, integer, list, name128, nullable, oneOf, record, text } from './schema.ts'

/** A parameter and its values, in the order of the tender document. */
const rule = { code: name128, name: name128, values: list(name128, 2, 100) }

/** The key of one bid's price file: fixed in its head before the deadline, known to nobody before it was given out. */
const part = record({ statement: hex64, fileId: hex32, key: base64Text(16, 32) })

const scope = {
  platform: name128,
  project: name128,
  lot: name128,
  round: integer(1),
  /** The checkpoint on which keys were given out: signed and cosigned before anybody could know one. */
  note: text(/^[\s\S]{1,4096}$/u),
  /** RFC 3161 token over it, where the supervisor did without the witness. */
  token: nullable(base64Text(1, 16_384)),
}

export const parameterTranscript = record({
  t: oneOf('tbid/parameter@1'),
  ...scope,
  /** Ascending by statement. */
  parts: list(part, 1),
  seed: hex64,
  drawn: list(record({ ...rule, index: integer(0), value: name128 }), 1, 10),
})
export type ParameterTranscript = Checked<typeof parameterTranscript>
export type ParameterPart = ParameterTranscript['parts'][number]
export type ParameterScope = Pick<ParameterTranscript, 'platform' | 'project' | 'lot' | 'round' | 'note' | 'token'>
export type ParameterRule = Pick<ParameterTranscript['drawn'][number], 'code' | 'name' | 'values'>

/**
 * seed = SHA-256(`tbid/parameter@1\0` ‖ JCS{platform, project, lot, round, note, token, parts}). The checkpoint was fixed before
 * any key was known and every key before the checkpoint was: whoever fixed one could not know the other.
 */
export const parameterSeed = (
  { platform, project, lot, round, note, token }: ParameterScope,
  parts: ParameterPart[],
): Uint8Array =>
  digestOf('sha256', concat('tbid/parameter@1\0', canonicalBytes({ platform, project, lot, round, note, token, parts })))

const span = 1n << 64n

/** An index below `count`, each equally likely: 64-bit blocks, those beyond the last whole multiple of `count` passed over. */
export function pickIndex(seed: Uint8Array, code: string, count: number): number {
  const size = BigInt(count)
  for (let block = 0; ; block++) {
    const bytes = digestOf('sha256', concat('tbid/parameter.pick@1\0', seed, `${code}\0${block}`))
    const drawn = bigOf(bytes.subarray(0, 8))
    if (drawn < span - (span % size)) return Number(drawn % size)
  }
}

const byStatement = (a: ParameterPart, b: ParameterPart) => (a.statement < b.statement ? -1 : 1)

/** Draws every parameter, once, from everything that is named. The parts may come in any order. */
export function drawParameters(scope: ParameterScope, parts: ParameterPart[], rules: ParameterRule[]): ParameterTranscript {
  const sorted = [...parts].sort(byStatement)
  const seed = parameterSeed(scope, sorted)
  const drawn = rules.map(({ code, name, values }) => {
    const index = pickIndex(seed, code, values.length)
    return { code, name, values, index, value: values[index]! }
  })
  return { t: 'tbid/parameter@1', ...scope, parts: sorted, seed: hex(seed), drawn }
}

/** Whether the transcript's seed and values follow from what it names. */
export function drawHolds(transcript: ParameterTranscript): boolean {
  const { t: _, seed, drawn, parts, ...scope } = transcript
  const again = drawParameters(scope, parts, drawn)
  const isSorted = parts.every((one, i) => i === 0 || parts[i - 1]!.statement < one.statement)
  const isSame = again.drawn.every((one, i) => one.index === drawn[i]!.index && one.value === drawn[i]!.value)
  return isSorted && again.seed === seed && isSame
}

/** Whether a price file's key is the one its head is committed to. */
export function fitsFileKey({ suite, salt, context, commitment }: Head, key: string): boolean {
  const bytes = unbase64(key)
  return bytes.length === suite.keyBytes && equal(commitmentOf(suite, bytes, salt, context), commitment)
}
