// The suites in the browser: WebCrypto for AES-GCM and SHA-256 of large slices, plain JavaScript for SM3 and SM4.
// Runs under Node as well, which is how it is tested against suite-node.ts. Needs a secure context (https or localhost).
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { plainBytes } from './bytes.ts'
import { sm3 } from './sm3.ts'
import { sm4Gcm } from './sm4gcm.ts'
import type { Aead, Random, Suite, Suites } from './suite.ts'

async function aesGcmWeb(key: Uint8Array): Promise<Aead> {
  const held = await crypto.subtle.importKey('raw', plainBytes(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
  const with12 = (nonce: Uint8Array) => ({ name: 'AES-GCM', iv: plainBytes(nonce) })
  return {
    async seal(nonce, plain, out) {
      out.set(new Uint8Array(await crypto.subtle.encrypt(with12(nonce), held, plainBytes(plain))))
    },
    async open(nonce, sealed, out) {
      out.set(new Uint8Array(await crypto.subtle.decrypt(with12(nonce), held, plainBytes(sealed))))
    },
  }
}

const intl: Suite = {
  id: 'intl',
  aeadName: 'AEAD_AES_256_GCM',
  keyBytes: 32,
  kdf: { hash: sha512, blockBytes: 128, outputBytes: 64 },
  hash: sha256,
  digest: async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', plainBytes(bytes))),
  aead: aesGcmWeb,
}

const gm: Suite = {
  id: 'gm',
  aeadName: 'AEAD_SM4_GCM',
  keyBytes: 16,
  kdf: { hash: sm3, blockBytes: 64, outputBytes: 32 },
  hash: sm3,
  digest: sm3,
  aead: key => sm4Gcm(key),
}

/** Both suites for a browser's worker. */
export const webSuites: Suites = { intl, gm }

/** The browser's randomness. */
export const webRandom: Random = n => crypto.getRandomValues(new Uint8Array(n))
