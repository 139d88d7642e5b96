// HPKE base mode (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM: ids 0x0010 / 0x0001 / 0x0002, one message per context.
// AES-128-GCM (0x0001) and the id of X25519 (0x0020) are there for the RFC's own vectors. WebCrypto does AES and private ECDH, in Node and in the browser alike.
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bigBytes, bigOf, concat, plainBytes } from './bytes.ts'
import { scalarOfPkcs8 } from './ec-key.ts'
import { type HmacHash, hkdfExpand, hkdfExtract } from './hkdf.ts'
import type { Random } from './suite.ts'

const kdf: HmacHash = { hash: sha256, blockBytes: 64, outputBytes: 32 }
const kdfId = Uint8Array.of(0x00, 0x01)
type AeadId = 1 | 2
/** P-256 | X25519, whose enc has 65 | 32 bytes. */
type KemId = 0x10 | 0x20
const encBytes: Record<KemId, number> = { 16: 65, 32: 32 }

/** A private key that can agree on a secret; `point` is its public key, of P-256 the uncompressed point. */
export interface P256Key {
  point: Uint8Array
  /** x coordinate of the shared point; throws on a point off the curve. */
  agree(point: Uint8Array): Promise<Uint8Array>
}

export interface HpkeMessage {
  enc: Bytes
  ct: Bytes
}

/** Key from a 32-byte scalar, in plain JavaScript: for ephemeral keys and vectors. */
export const p256FromScalar = (scalar: Uint8Array): P256Key => ({
  point: p256.getPublicKey(scalar, false),
  agree: async point => p256.getSharedSecret(scalar, point).slice(1, 33),
})

/** Key that WebCrypto holds, perhaps without letting it out. */
export const p256FromCryptoKey = (key: CryptoKey, point: Uint8Array): P256Key => ({
  point,
  async agree(other) {
    const held = await crypto.subtle.importKey('raw', plainBytes(other), { name: 'ECDH', namedCurve: 'P-256' }, false, [])
    return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: held }, key, 256))
  },
})

/** Key from PKCS#8; throws unless it is a P-256 key. */
export async function p256FromPkcs8(pkcs8: Uint8Array): Promise<P256Key> {
  const { curve, secret } = scalarOfPkcs8(pkcs8)
  if (curve !== 'P-256') throw new Error('hpke: not a P-256 key')
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('pkcs8', plainBytes(pkcs8), ecdh, false, ['deriveBits'])
  return p256FromCryptoKey(key, p256.getPublicKey(secret, false))
}

const extract = (suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) =>
  hkdfExtract(kdf, salt, concat('HPKE-v1', suite, label, ikm))

const expand = (suite: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
  hkdfExpand(kdf, prk, concat(Uint8Array.of(0, length), 'HPKE-v1', suite, label, info), length)

const kemSuite = (kem: KemId) => concat('KEM', Uint8Array.of(0, kem))
const none = new Uint8Array()

/** DeriveKeyPair (RFC 9180 §7.1.3): the private scalar of 32 random bytes. */
function deriveScalar(ikm: Uint8Array): Bytes {
  const prk = extract(kemSuite(0x10), none, 'dkp_prk', ikm)
  for (let counter = 0; counter < 256; counter++) {
    const candidate = expand(kemSuite(0x10), prk, 'candidate', Uint8Array.of(counter), 32)
    const value = bigOf(candidate)
    if (value > 0n && value < p256.Point.CURVE().n) return bigBytes(value, 32)
  }
  throw new Error('hpke: no key pair')
}

function sharedSecret(dh: Uint8Array, enc: Uint8Array, recipient: Uint8Array, kem: KemId = 0x10): Uint8Array {
  const prk = extract(kemSuite(kem), none, 'eae_prk', dh)
  return expand(kemSuite(kem), prk, 'shared_secret', concat(enc, recipient), 32)
}

async function cipherOf(secret: Uint8Array, info: Uint8Array, { aead = 2, aad = none, kem = 0x10 }: HpkeOptions) {
  const suite = concat('HPKE', Uint8Array.of(0, kem), kdfId, Uint8Array.of(0, aead))
  const context = concat(Uint8Array.of(0), extract(suite, none, 'psk_id_hash', none), extract(suite, none, 'info_hash', info))
  const prk = extract(suite, secret, 'secret', none)
  const key = expand(suite, prk, 'key', context, aead === 1 ? 16 : 32)
  const held = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return {
    held,
    algorithm: { name: 'AES-GCM', iv: expand(suite, prk, 'base_nonce', context, 12), additionalData: plainBytes(aad) },
  }
}

export interface HpkeOptions {
  aead?: AeadId
  aad?: Uint8Array
  /** Opening only. */
  kem?: KemId
}

/** Seals one message (sequence 0) to an uncompressed P-256 point. Takes 32 random bytes; throws on a point off the curve. */
export async function hpkeSeal(
  point: Uint8Array,
  info: Uint8Array,
  plain: Uint8Array,
  random: Random,
  options: HpkeOptions = {},
): Promise<HpkeMessage> {
  const ephemeral = p256FromScalar(deriveScalar(random(32)))
  const secret = sharedSecret(await ephemeral.agree(point), ephemeral.point, point)
  const { held, algorithm } = await cipherOf(secret, info, options)
  const ct = new Uint8Array(await crypto.subtle.encrypt(algorithm, held, plainBytes(plain)))
  return { enc: new Uint8Array(ephemeral.point), ct }
}

/** Opens one message (sequence 0). Throws when it is damaged, or was sealed to another key or info. */
export async function hpkeOpen(
  key: P256Key,
  info: Uint8Array,
  message: { enc: Uint8Array; ct: Uint8Array },
  options: HpkeOptions = {},
): Promise<Bytes> {
  const { kem = 0x10 } = options
  if (message.enc.length !== encBytes[kem] || (kem === 0x10 && message.enc[0] !== 4)) throw new Error('hpke: malformed enc')
  const secret = sharedSecret(await key.agree(message.enc), message.enc, key.point, kem)
  const { held, algorithm } = await cipherOf(secret, info, options)
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, held, plainBytes(message.ct)))
}
