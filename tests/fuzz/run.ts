import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import type { Target } from './targets'

export interface Outcome {
  target: string
  cases: number
  accepted: number
  refused: number
  /** Crashes, hangs and refusals without a name; empty when all is well. */
  faults: string[]
  slowestMs: number
}

const hangMs = 1_000
const mostFaults = 5
const shownBase64 = 400
const mebibyte = 2 ** 20

const crashes = new Set(['TypeError', 'RangeError', 'ReferenceError', 'EvalError', 'URIError', 'InternalError', 'AssertionError'])

/** A refusal is an Error that was thrown on purpose and says what is wrong; a TypeError, RangeError and the like is a crash. */
export function isNamedRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.length > 0 && !crashes.has(error.name)
}

/** A small deterministic generator (xorshift32), so that a seed gives the same cases again. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed | 1
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const interesting = [0, 1, 0x20, 0x22, 0x2d, 0x30, 0x7b, 0x7d, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xff]

/** One to four damages: a flipped, set, cut, doubled, moved or inserted piece. */
export function mutate(sample: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Uint8Array.from(sample)
  for (let times = 1 + random(4); times > 0; times--) bytes = damage(bytes, random)
  return bytes
}

function damage(bytes: Uint8Array<ArrayBuffer>, random: (below: number) => number): Uint8Array<ArrayBuffer> {
  const at = random(bytes.length + 1)
  const length = random(Math.min(64, bytes.length - at) + 1)
  const piece = bytes.subarray(at, at + length)
  const join = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts))
  switch (random(7)) {
    case 0:
      return at < bytes.length ? bytes.with(at, bytes[at]! ^ (1 << random(8))) : bytes
    case 1:
      return at < bytes.length ? bytes.with(at, interesting[random(interesting.length)]!) : bytes
    case 2:
      return bytes.slice(0, at)
    case 3:
      return join(bytes.subarray(0, at), bytes.subarray(at + length))
    case 4:
      return join(bytes.subarray(0, at), piece, piece, bytes.subarray(at + length))
    case 5:
      return join(bytes.subarray(0, at), new Uint8Array(length).fill(random(256)), bytes.subarray(at + length))
    default:
      return join(piece, bytes.subarray(0, at), bytes.subarray(at + length))
  }
}

async function tryOne(target: Target, bytes: Uint8Array, outcome: Outcome): Promise<void> {
  const start = performance.now()
  try {
    await target.read(bytes)
    outcome.accepted++
  } catch (error) {
    outcome.refused++
    if (!isNamedRefusal(error)) report(outcome, bytes, error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
  const ms = performance.now() - start
  outcome.slowestMs = Math.max(outcome.slowestMs, ms)
  if (ms > hangMs) report(outcome, bytes, `took ${Math.round(ms)} ms`)
}

function report(outcome: Outcome, bytes: Uint8Array, what: string): void {
  const isKnown = outcome.faults.some(fault => fault.startsWith(`${what} on `))
  if (isKnown || outcome.faults.length >= mostFaults) return
  outcome.faults.push(`${what} on ${Buffer.from(bytes).toString('base64').slice(0, shownBase64)}`)
}

/** Three quarters damaged samples, one quarter fast-check's own bytes and JSON. */
export async function fuzz(target: Target, cases: number, seed: number): Promise<Outcome> {
  const outcome: Outcome = { target: target.name, cases: 0, accepted: 0, refused: 0, faults: [], slowestMs: 0 }
  const samples = await target.samples()
  const random = randomOf(seed)
  const json = fc.json().map(text => new TextEncoder().encode(text))
  const strange = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 300 }), json), { numRuns: Math.ceil(cases / 4), seed })
  for (let i = 0; i < cases; i++) {
    const given = i % 4 === 3 ? strange[(i - 3) / 4]! : mutate(samples[random(samples.length)]!, random)
    await tryOne(target, given, outcome)
    outcome.cases++
  }
  return outcome
}

/** Every sample must be accepted as it is, or the mutations test nothing. */
export async function acceptsSamples(target: Target): Promise<void> {
  for (const sample of await target.samples()) await target.read(sample)
}

/** More heap than this after a collection is held by something that should have let go; caches of keys and heads stay far below. */
export const mostGrowthMiB = 48

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Heap after a collection, in MiB; grows when a parser keeps what it read. */
export function heapMiB(): number {
  collect()
  return process.memoryUsage().heapUsed / mebibyte
}

export const freshSeed = (): number => randomBytes(4).readUInt32BE()
