// Checking signatures with OpenSSL: RSA PKCS#1 v1.5 and ECDSA P-256 with SHA-256, SM2 with SM3 and ZA.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type KeyKind, keyOfSpki } from './algorithm.ts'
import { pointOfSpki } from './ec-key.ts'
import { remembered } from './remembered-node.ts'
import { sm2SignNode, sm2VerifyNode } from './sm2-node.ts'

/** Whether the key in `spki` signed `message`. Never throws: another kind of key or a damaged signature is simply no. */
export function signatureHolds(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const kind = keyOfSpki(spki)
    if (kind === null) return false
    if (kind === 'sm2') return sm2VerifyNode(spki, message, signature)
    return verify('sha256', message, keyAtHand(spki), signature)
  } catch {
    return false
  }
}

/**
 * As `signatureHolds`, computed beside the event loop: at a deadline the process reads one bid while another core checks the next one's
 * signature. SM2 is made of several calls and stays here.
 */
export async function signatureHoldsApart(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    const kind = keyOfSpki(spki)
    if (kind === null || kind === 'sm2') return signatureHolds(spki, message, signature)
    const key = keyAtHand(spki)
    return await new Promise((answer, fail) =>
      verify('sha256', message, key, signature, (error, holds) => (error ? fail(error) : answer(holds))),
    )
  } catch {
    return false
  }
}

/** OpenSSL takes the coordinates of a point in half the time of its DER; either way it refuses one that is not on the curve. */
function publicKeyOf(spki: Uint8Array): KeyObject {
  const ec = pointOfSpki(spki)
  if (ec?.curve !== 'P-256') return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  const at = (from: number, to: number) => Buffer.from(ec.point.subarray(from, to)).toString('base64url')
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: at(1, 33), y: at(33, 65) }, format: 'jwk' })
}

/** Reading a key costs more than a signature. */
const keyAtHand = remembered(publicKeyOf)

/** A signing function for a PKCS#8 key of this kind (never exports an SM2 key: that aborts Node, crypto.md §3 trap 3). */
export function signerOfPkcs8(kind: KeyKind, pkcs8: Uint8Array): (message: Uint8Array) => Uint8Array {
  if (kind === 'sm2') return message => sm2SignNode(pkcs8, message)
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  return message => new Uint8Array(sign('sha256', message, key))
}
