// AEAD_SM4_GCM (RFC 8998), 12-byte nonces. The key stream is injected: plain JavaScript here, OpenSSL's sm4-ctr on the server.
import { wordBytes } from './bytes.ts'
import { type GcmBlock, gcmOpen, gcmSeal, ghashTables } from './gcm.ts'
import { sm4Ctr, sm4Encrypt, sm4RoundKeys } from './sm4.ts'

export interface Sm4Gcm {
  seal(nonce: Uint8Array, plain: Uint8Array, out: Uint8Array, aad?: Uint8Array): void
  /** Throws when the tag does not fit. */
  open(nonce: Uint8Array, sealed: Uint8Array, out: Uint8Array, aad?: Uint8Array): void
}

/** XORs the SM4-CTR key stream from the given counter on over `input` into `out`. */
export type Sm4Stream = (nonce: Uint8Array, counter: number, input: Uint8Array, out: Uint8Array) => void

const none = new Uint8Array()

/** The AEAD under a 16-byte key; set-up builds 64 KiB of tables, so keep it for a whole file. */
export function sm4Gcm(key: Uint8Array, stream: Sm4Stream = plainStream(key)): Sm4Gcm {
  const tables = ghashTables(encryptZero(key))
  const block: GcmBlock = {
    stream: (nonce, input, out) => stream(nonce, 2, input, out),
    mask(nonce) {
      const mask = new Uint8Array(16)
      stream(nonce, 1, mask, mask)
      return mask
    },
  }
  return {
    seal: (nonce, plain, out, aad = none) => gcmSeal(block, tables, nonce, aad, plain, out),
    open: (nonce, sealed, out, aad = none) => gcmOpen(block, tables, nonce, aad, sealed, out),
  }
}

function plainStream(key: Uint8Array): Sm4Stream {
  const keys = sm4RoundKeys(key)
  return (nonce, counter, input, out) => sm4Ctr(keys, nonce, counter, input, out)
}

function encryptZero(key: Uint8Array): Uint8Array {
  const block = new Int32Array(4)
  sm4Encrypt(sm4RoundKeys(key), block)
  return wordBytes(block)
}
