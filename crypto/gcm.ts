// GCM (NIST SP 800-38D) over any 16-byte block cipher in counter mode: GHASH with 64 KiB of byte tables.
import { equal, wordBytes } from './bytes.ts'

/** XORs the key stream that starts at block counter 2 over `input` into `out`, and gives the encryption of counter block 1. */
export interface GcmBlock {
  stream(nonce: Uint8Array, input: Uint8Array, out: Uint8Array): void
  /** E(nonce ‖ 1), the mask of the tag. */
  mask(nonce: Uint8Array): Uint8Array
}

export const tagBytes = 16

/** GHASH tables for the hash key H = E(0): entry [position][byte] is that byte's product with H. */
export function ghashTables(h: Uint8Array): Int32Array {
  const tables = new Int32Array(16 * 256 * 4)
  const view = new DataView(h.buffer, h.byteOffset, 16)
  let [a, b, c, d] = [view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)]
  for (let bit = 0; bit < 128; bit++) {
    const at = ((bit >> 3) * 256 + (0x80 >> (bit & 7))) * 4
    tables.set([a, b, c, d], at)
    const reduce = d & 1 ? 0xe1000000 : 0
    d = (d >>> 1) | (c << 31)
    c = (c >>> 1) | (b << 31)
    b = (b >>> 1) | (a << 31)
    a = (a >>> 1) ^ reduce
  }
  for (let position = 0; position < 16; position++) fillTable(tables.subarray(position * 1024, position * 1024 + 1024))
  return tables
}

function fillTable(table: Int32Array) {
  for (let byte = 1; byte < 256; byte++) {
    const low = byte & -byte
    if (low === byte) continue
    for (let i = 0; i < 4; i++) table[4 * byte + i] = table[4 * low + i]! ^ table[4 * (byte ^ low) + i]!
  }
}

/** Absorbs data (zero-padded to whole blocks) into the four-word GHASH state. */
function absorb(tables: Int32Array, state: Int32Array, data: Uint8Array) {
  const whole = data.length - (data.length % 16)
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  for (let at = 0; at < whole; at += 16)
    multiply(tables, state, view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12))
  if (whole === data.length) return
  const block = new Uint8Array(16)
  block.set(data.subarray(whole))
  const tail = new DataView(block.buffer)
  multiply(tables, state, tail.getInt32(0), tail.getInt32(4), tail.getInt32(8), tail.getInt32(12))
}

function multiply(tables: Int32Array, state: Int32Array, x0: number, x1: number, x2: number, x3: number) {
  let [a, b, c, d] = [0, 0, 0, 0]
  let base = 0
  for (let word = 0; word < 4; word++) {
    const z = state[word]! ^ (word === 0 ? x0 : word === 1 ? x1 : word === 2 ? x2 : x3)
    for (let shift = 22; shift >= -2; shift -= 8) {
      const at = base + (shift < 0 ? (z << 2) & 1020 : (z >>> shift) & 1020)
      a ^= tables[at]!
      b ^= tables[at + 1]!
      c ^= tables[at + 2]!
      d ^= tables[at + 3]!
      base += 1024
    }
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
}

/** The tag over associated data and ciphertext. */
export function gcmTag(tables: Int32Array, mask: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = new Int32Array(4)
  absorb(tables, state, aad)
  absorb(tables, state, sealed)
  const [aadBits, textBits] = [aad.length * 8, sealed.length * 8]
  const high = (bits: number) => Math.floor(bits / 2 ** 32) | 0
  multiply(tables, state, high(aadBits), aadBits | 0, high(textBits), textBits | 0)
  return wordBytes(state).map((byte, at) => byte ^ mask[at]!)
}

/** Encrypts into `out` (plaintext length + 16). */
export function gcmSeal(
  block: GcmBlock,
  tables: Int32Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plain: Uint8Array,
  out: Uint8Array,
): void {
  const body = out.subarray(0, plain.length)
  block.stream(nonce, plain, body)
  out.set(gcmTag(tables, block.mask(nonce), aad, body), plain.length)
}

/** Decrypts into `out` (sealed length − 16). Throws when the tag does not fit, before writing anything. */
export function gcmOpen(
  block: GcmBlock,
  tables: Int32Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
  out: Uint8Array,
): void {
  if (sealed.length < tagBytes) throw new Error('gcm: shorter than its tag')
  const body = sealed.subarray(0, sealed.length - tagBytes)
  const tag = gcmTag(tables, block.mask(nonce), aad, body)
  if (!equal(tag, sealed.subarray(body.length))) throw new Error('gcm: tag does not fit')
  block.stream(nonce, body, out)
}
