// Wraps of crypto.md §10.4: a secret and the hash of what it is for, encrypted to one key. RSA-OAEP-256 (bidder's part only), HPKE-P256, SM2.
import { type Bytes, base64, concat, equal, plainBytes, unbase64, utf8 } from './bytes.ts'
import { pointOfSpki } from './ec-key.ts'
import { hpkeOpen, hpkeSeal, type P256Key } from './hpke.ts'
import { canonical } from './jcs.ts'
import { sm2Decrypt, sm2Encrypt } from './sm2-cipher.ts'
import type { Random, Suite } from './suite.ts'

export type WrapAlg = 'RSA-OAEP-256' | 'HPKE-P256' | 'SM2'

/** As it stands in a header: ct and enc in base64, kid in hex; enc only with HPKE. */
export interface Wrap {
  alg: WrapAlg
  kid: string
  ct: string
  enc?: string
}

/** Whom to wrap for. kid = SHA-256 of the certificate's DER, or of the lot key's SPKI (crypto.md §10.13). */
export interface Recipient {
  alg: WrapAlg
  kid: string
  spki: Uint8Array
}

/** A key that can open wraps made for its kid. `open` throws on damage. */
export interface UnwrapKey {
  alg: WrapAlg
  kid: string
  open(sealed: { ct: Uint8Array; enc: Uint8Array }): Promise<Uint8Array>
}

/** What a wrap is bound to: the stage's bind fields without fileId and role. */
export interface WrapBind {
  project: string
  lot: string
  round: number
  stage: string
  deadline: string
  bidderCert: string
  policy: string
}

const info = utf8('tbid-seal/1')
const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' }

/** H(`tbid-seal/1 wrap\0` ‖ JCS(wrapBind) ‖ 0x00 ‖ partName): what every wrap carries behind its secret. */
export const bindingHash = (suite: Suite, bind: WrapBind, partName: string): Uint8Array =>
  suite.hash(concat('tbid-seal/1 wrap\0', canonical({ ...bind }), Uint8Array.of(0), partName))

/** Encrypts secret ‖ binding to a recipient. Throws when key and algorithm do not belong together. */
export async function wrapSecret(recipient: Recipient, secret: Uint8Array, binding: Uint8Array, random: Random): Promise<Wrap> {
  const { alg, kid, spki } = recipient
  const plain = concat(secret, binding)
  if (alg === 'RSA-OAEP-256') {
    const key = await crypto.subtle.importKey('spki', plainBytes(spki), oaep, false, ['encrypt'])
    return { alg, kid, ct: base64(new Uint8Array(await crypto.subtle.encrypt(oaep, key, plain))) }
  }
  const key = pointOfSpki(spki)
  if (!key || key.curve !== (alg === 'SM2' ? 'SM2' : 'P-256')) throw new Error(`wrap: not a key for ${alg}`)
  if (alg === 'SM2') return { alg, kid, ct: base64(sm2Encrypt(key.point, plain, random)) }
  const { enc, ct } = await hpkeSeal(key.point, info, plain, random)
  return { alg, kid, ct: base64(ct), enc: base64(enc) }
}

/** The secret of a wrap, or null when it is for another key or bound to something else. Throws when it is damaged. */
export async function unwrapSecret(key: UnwrapKey, wrap: Wrap, binding: Uint8Array): Promise<Bytes | null> {
  if (key.kid !== wrap.kid || key.alg !== wrap.alg) return null
  const plain = await key.open({ ct: unbase64(wrap.ct), enc: unbase64(wrap.enc ?? '') })
  if (plain.length <= binding.length) throw new Error('wrap: too short')
  const at = plain.length - binding.length
  return equal(plain.subarray(at), binding) ? new Uint8Array(plain.subarray(0, at)) : null
}

/** Opens HPKE wraps with a P-256 key. */
export const hpkeUnwrap = (kid: string, key: P256Key): UnwrapKey => ({
  alg: 'HPKE-P256',
  kid,
  open: sealed => hpkeOpen(key, info, sealed),
})

/** Opens SM2 wraps with a 32-byte private key. */
export const sm2Unwrap = (kid: string, secret: Uint8Array): UnwrapKey => ({
  alg: 'SM2',
  kid,
  open: async ({ ct }) => sm2Decrypt(secret, ct),
})

/** Opens RSA-OAEP wraps (SHA-256, MGF1-SHA-256, empty label) with a PKCS#8 key. */
export async function rsaUnwrap(kid: string, pkcs8: Uint8Array): Promise<UnwrapKey> {
  return rsaUnwrapBy(kid, await crypto.subtle.importKey('pkcs8', plainBytes(pkcs8), oaep, false, ['decrypt']))
}

/** The same with a key that WebCrypto holds. */
export const rsaUnwrapBy = (kid: string, key: CryptoKey): UnwrapKey => ({
  alg: 'RSA-OAEP-256',
  kid,
  open: async ({ ct }) => new Uint8Array(await crypto.subtle.decrypt(oaep, key, plainBytes(ct))),
})
