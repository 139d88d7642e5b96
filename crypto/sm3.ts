// SM3 (GB/T 32905-2016) in plain JavaScript, for the browser; the server uses OpenSSL's.
import { concat, wordBytes } from './bytes.ts'

const initial = Uint32Array.of(0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e)

const rotate = (x: number, n: number) => (x << n) | (x >>> (32 - n))

// T_j rotated by j, for all 64 rounds.
const constants = Int32Array.from({ length: 64 }, (_, j) => rotate(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32))

/** SM3 of the given bytes: 32 bytes. */
export function sm3(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = initial.slice()
  const words = new Int32Array(68)
  const whole = bytes.length - (bytes.length % 64)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < whole; at += 64) compress(state, view, at, words)
  const tail = padded(bytes.subarray(whole), bytes.length)
  for (let at = 0; at < tail.byteLength; at += 64) compress(state, tail, at, words)
  return wordBytes(state)
}

function padded(rest: Uint8Array, total: number): DataView {
  const zeros = new Uint8Array((rest.length < 56 ? 55 : 119) - rest.length)
  const view = new DataView(concat(rest, Uint8Array.of(0x80), zeros, new Uint8Array(8)).buffer)
  view.setBigUint64(view.byteLength - 8, BigInt(total) * 8n)
  return view
}

function expand(view: DataView, at: number, w: Int32Array) {
  for (let j = 0; j < 16; j++) w[j] = view.getInt32(at + 4 * j)
  for (let j = 16; j < 68; j++) {
    const x = w[j - 16]! ^ w[j - 9]! ^ rotate(w[j - 3]!, 15)
    w[j] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13]!, 7) ^ w[j - 6]!
  }
}

function compress(state: Uint32Array, view: DataView, at: number, w: Int32Array) {
  expand(view, at, w)
  let [a, b, c, d] = [state[0]! | 0, state[1]! | 0, state[2]! | 0, state[3]! | 0]
  let [e, f, g, h] = [state[4]! | 0, state[5]! | 0, state[6]! | 0, state[7]! | 0]
  for (let j = 0; j < 64; j++) {
    const a12 = rotate(a, 12)
    const ss1 = rotate((a12 + e + constants[j]!) | 0, 7)
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + (ss1 ^ a12) + (w[j]! ^ w[j + 4]!)) | 0
    const tt2 = (gg + h + ss1 + w[j]!) | 0
    d = c
    c = rotate(b, 9)
    b = a
    a = tt1
    h = g
    g = rotate(f, 19)
    f = e
    e = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17)
  }
  mix(state, a, b, c, d, e, f, g, h)
}

function mix(state: Uint32Array, ...words: number[]) {
  for (let i = 0; i < 8; i++) state[i] = state[i]! ^ words[i]!
}
