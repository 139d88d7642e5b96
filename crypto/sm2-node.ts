// SM2 signatures through OpenSSL, eight times faster to verify than plain JavaScript. Rests on undocumented behaviour of Node's Sign class
// (createSign('sm3') fed with ZA first), so a self-test decides at first use, and @noble/curves stands in where it fails.
import { createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto'
import { unhex } from './bytes.ts'
import { pkcs8OfScalar, pointOfSpki, scalarOfPkcs8, spkiOfPoint } from './ec-key.ts'
import { remembered } from './remembered-node.ts'
import { readSm2Signature, sm2PublicKey, sm2Sign, sm2Verify, sm2Za } from './sm2.ts'
import { nodeRandom } from './suite-node.ts'

const importPrivate = (pkcs8: Uint8Array) => createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
const importPublic = (spki: Uint8Array) => createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })

// GB/T 32918.5 A.2: key and signature of "message digest".
const known = {
  secret: unhex('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8'),
  signature: unhex(
    '3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
      '022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
  ),
  message: Buffer.from('message digest'),
}

let native: boolean | undefined

/** Whether OpenSSL makes and checks GB/T 32918 signatures here; tested once with the standard's own vector. */
export function sm2IsNative(): boolean {
  native ??= selfTest()
  return native
}

function selfTest(): boolean {
  try {
    const point = sm2PublicKey(known.secret)
    const publicKey = readKey(spkiOfPoint('SM2', point))
    const made = nativeSign(importPrivate(pkcs8OfScalar('SM2', known.secret, point)), point, known.message)
    const other = Buffer.from('message digesT')
    return (
      nativeVerify(publicKey, known.message, known.signature) &&
      !nativeVerify(publicKey, other, known.signature) &&
      sm2Verify(point, known.message, made)
    )
  } catch {
    return false
  }
}

const nativeSign = (key: KeyObject, point: Uint8Array, message: Uint8Array) =>
  new Uint8Array(createSign('sm3').update(sm2Za(point)).update(message).sign(key))

/** A key as OpenSSL has it, and the digest of its owner's identity that goes before each message (GB/T 32918.2 §5.5). */
type VerifyKey = { key: KeyObject; za: Uint8Array }

const readKey = (spki: Uint8Array): VerifyKey => ({ key: importPublic(spki), za: sm2Za(pointOfSpki(spki)!.point) })
const keyAtHand = remembered(readKey)

const nativeVerify = ({ key, za }: VerifyKey, message: Uint8Array, signature: Uint8Array) =>
  createVerify('sm3').update(za).update(message).verify(key, signature)

/** A DER signature with a PKCS#8 SM2 key under the default user identity. Throws when the key is of another kind. */
export function sm2SignNode(pkcs8: Uint8Array, message: Uint8Array): Uint8Array {
  const { curve, secret } = scalarOfPkcs8(pkcs8)
  if (curve !== 'SM2') throw new Error('sm2: not an SM2 key')
  if (!sm2IsNative()) return sm2Sign(secret, message, nodeRandom)
  // Imported anew from PKCS#8: a key made by generateKeyPair would sign as plain ECDSA.
  const point = sm2PublicKey(secret)
  return nativeSign(importPrivate(pkcs8OfScalar('SM2', secret, point)), point, message)
}

/** True when the DER signature fits message and SM2 SPKI under the default user identity. */
export function sm2VerifyNode(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = pointOfSpki(spki)
  // OpenSSL reads looser DER than GM/T 0009 allows.
  if (key?.curve !== 'SM2' || !readSm2Signature(signature)) return false
  if (!sm2IsNative()) return sm2Verify(key.point, message, signature)
  return nativeVerify(keyAtHand(spki), message, signature)
}
