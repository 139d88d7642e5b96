// The suites on node:crypto: everything native but SM4-GCM, which OpenSSL 3.0 lacks; its sm4-ctr is slower than our tables.
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'
import type { HmacHash } from './hkdf.ts'
import { sm4Gcm } from './sm4gcm.ts'
import type { Aead, Random, Suite, Suites } from './suite.ts'

const hashWith = (name: string) => (bytes: Uint8Array) => {
  const { buffer, byteOffset, length } = hash(name, bytes, 'buffer')
  return new Uint8Array(buffer, byteOffset, length)
}
const sha256 = hashWith('sha256')
const sm3 = hashWith('sm3')
const sha512Kdf: HmacHash = { hash: hashWith('sha512'), blockBytes: 128, outputBytes: 64 }
const sm3Kdf: HmacHash = { hash: sm3, blockBytes: 64, outputBytes: 32 }

const tagLength = { authTagLength: 16 }

/** AES-GCM with a 16- or 32-byte key. */
export function aesGcmNode(key: Uint8Array): Aead {
  const name = key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
  const opened = (nonce: Uint8Array, sealed: Uint8Array) => {
    const decipher = createDecipheriv(name, key, nonce, tagLength)
    decipher.setAuthTag(sealed.subarray(sealed.length - 16))
    const plain = decipher.update(sealed.subarray(0, sealed.length - 16)) as Buffer<ArrayBuffer>
    decipher.final()
    return plain
  }
  return {
    seal(nonce, plain, out) {
      const cipher = createCipheriv(name, key, nonce)
      out.set(cipher.update(plain))
      cipher.final()
      out.set(cipher.getAuthTag(), plain.length)
    },
    open(nonce, sealed, out) {
      out.set(opened(nonce, sealed))
    },
    opened,
  }
}

const intl: Suite = {
  id: 'intl',
  aeadName: 'AEAD_AES_256_GCM',
  keyBytes: 32,
  kdf: sha512Kdf,
  hash: sha256,
  digest: sha256,
  aead: aesGcmNode,
}

const gm: Suite = {
  id: 'gm',
  aeadName: 'AEAD_SM4_GCM',
  keyBytes: 16,
  kdf: sm3Kdf,
  hash: sm3,
  digest: sm3,
  aead: key => sm4Gcm(key),
}

/** Both suites for Node. */
export const nodeSuites: Suites = { intl, gm }

/** The operating system's randomness. */
export const nodeRandom: Random = n => new Uint8Array(randomBytes(n))
