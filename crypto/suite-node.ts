// The suites on node:crypto: everything native but SM4-GCM, which OpenSSL 3.0 lacks; its sm4-ctr is slower than our tables.
import { createCipheriv, createDecipheriv, hash, randomBytes, randomFillSync } from 'node:crypto'
import type { HmacHash } from './hkdf.ts'
import { sm4Gcm } from './sm4gcm.ts'
import type { Aead, Random, Suite, Suites } from './suite.ts'

/** Asked for as a string, Node hands a digest over in half the time that a Buffer takes it. */
const hashWith = (name: string, size: number) => (bytes: Uint8Array) => {
  const text = hash(name, bytes, 'binary')
  const out = new Uint8Array(size)
  for (let at = 0; at < size; at++) out[at] = text.charCodeAt(at)
  return out
}
const sha256 = hashWith('sha256', 32)
const sm3 = hashWith('sm3', 32)
const sha512Kdf: HmacHash = { hash: hashWith('sha512', 64), blockBytes: 128, outputBytes: 64 }
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

const drawn = Buffer.alloc(4_096)
let used = drawn.length

/** The operating system's randomness, drawn in pages: a salt costs a thirtieth. What was given is wiped from the page. */
export const nodeRandom: Random = n => {
  if (n > 256) return new Uint8Array(randomBytes(n))
  if (used + n > drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  const given = new Uint8Array(drawn.subarray(used, used + n))
  drawn.fill(0, used, used + n)
  used += n
  return given
}
