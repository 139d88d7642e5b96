// The two algorithm suites of tbid-seal/1, as an interface: suite-node.ts and suite-web.ts fill it (crypto.md §2.2, §10.4).
import type { HmacHash } from './hkdf.ts'

export type SuiteId = 'intl' | 'gm'
export type Maybe<T> = T | Promise<T>

/** One AEAD under one key, 12-byte nonces, 16-byte tags, no associated data. */
export interface Aead {
  /** Writes ciphertext ‖ tag into `out`. */
  seal(nonce: Uint8Array, plain: Uint8Array, out: Uint8Array): Maybe<void>
  /** Writes the plaintext into `out`; throws (or rejects) when the tag does not fit. */
  open(nonce: Uint8Array, sealed: Uint8Array, out: Uint8Array): Maybe<void>
  /** The same in memory of its own, where the library makes that anyway: a copy less. */
  opened?(nonce: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer>
}

/** What chunked encryption is instantiated with. */
export interface ChunkedInstance {
  aeadName: 'AEAD_AES_256_GCM' | 'AEAD_SM4_GCM' | 'AEAD_AES_128_GCM'
  keyBytes: 32 | 16
  /** The hash of HKDF-Expand: SHA-512 | SM3. */
  kdf: HmacHash
  aead(key: Uint8Array): Maybe<Aead>
}

export interface Suite extends ChunkedInstance {
  id: SuiteId
  keyBytes: 32 | 16
  /** H of crypto.md §10.13: SHA-256 | SM3, for contexts, bindings, commits, heads, twins and file roots. */
  hash(bytes: Uint8Array): Uint8Array
  /** The same hash for large slices, off the main path where the machine offers that. */
  digest(bytes: Uint8Array): Maybe<Uint8Array>
}

export type Suites = Record<SuiteId, Suite>

/** Gives n fresh random bytes. Injected, so that vectors can be reproduced. */
export type Random = (bytes: number) => Uint8Array
