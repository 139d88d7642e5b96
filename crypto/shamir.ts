// Shamir's secret sharing over GF(2^8) with 0x11b, byte by byte. A share is its y bytes followed by one byte x.
import { type Bytes, concat } from './bytes.ts'
import type { Random } from './suite.ts'

const exp = new Uint8Array(512)
const log = new Uint8Array(256)
for (let i = 0, value = 1; i < 255; i++) {
  exp[i] = value
  exp[i + 255] = value
  log[value] = i
  // 3 generates the group: multiply by 2, reduce, add.
  value ^= (value << 1) ^ (value & 0x80 ? 0x11b : 0)
}

const multiply = (a: number, b: number): number => (a && b ? exp[log[a]! + log[b]!]! : 0)
const divide = (a: number, b: number): number => (a ? exp[log[a]! + 255 - log[b]!]! : 0)

/** x of a share. */
export const shareX = (share: Uint8Array): number => share[share.length - 1] ?? 0

/** Deals n shares of which any k give the secret back; fewer say nothing. 2 ≤ k ≤ n ≤ 255. */
export function deal(secret: Uint8Array, k: number, n: number, random: Random): Bytes[] {
  if (!(k >= 2 && k <= n && n <= 255) || secret.length === 0) throw new Error('shamir: 2 ≤ k ≤ n ≤ 255')
  const coefficients = [secret, ...Array.from({ length: k - 1 }, () => random(secret.length))]
  return Array.from({ length: n }, (_, i) => {
    const x = i + 1
    const y = Uint8Array.from(secret, (_, at) => coefficients.reduceRight((sum, row) => multiply(sum, x) ^ row[at]!, 0))
    return concat(y, Uint8Array.of(x))
  })
}

/** The value at x of the polynomial through the given shares, whose x must differ. At 0 it is the secret. */
export function interpolate(shares: Uint8Array[], x: number): Bytes {
  const xs = shares.map(shareX)
  const length = shares[0]?.length ?? 0
  const bad = new Set(xs).size !== xs.length || xs.includes(0) || length < 2 || shares.some(share => share.length !== length)
  if (bad) throw new Error('shamir: shares of one length with different x, none 0')
  const weights = xs.map((xi, i) =>
    xs.reduce((weight, xj, j) => (i === j ? weight : multiply(weight, divide(x ^ xj, xi ^ xj))), 1),
  )
  const value = new Uint8Array(length - 1)
  for (const [i, share] of shares.entries())
    for (let at = 0; at < value.length; at++) value[at]! ^= multiply(weights[i]!, share[at]!)
  return value
}

/** The secret behind exactly k good shares. Bad shares give a wrong secret: the caller checks what it gets. */
export const combine = (shares: Uint8Array[]): Bytes => interpolate(shares, 0)
