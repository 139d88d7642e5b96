// Checking signatures with OpenSSL: RSA PKCS#1 v1.5 and ECDSA P-256 with SHA-256, SM2 with SM3 and ZA.
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { type KeyKind, keyOfSpki } from './algorithm.ts'
import { sm2SignNode, sm2VerifyNode } from './sm2-node.ts'

/** Whether the key in `spki` signed `message`. Never throws: another kind of key or a damaged signature is simply no. */
export function signatureHolds(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const kind = keyOfSpki(spki)
    if (kind === null) return false
    if (kind === 'sm2') return sm2VerifyNode(spki, message, signature)
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    return verify('sha256', message, key, signature)
  } catch {
    return false
  }
}

/** A signing function for a PKCS#8 key of this kind (never exports an SM2 key: that aborts Node, crypto.md §3 trap 3). */
export function signerOfPkcs8(kind: KeyKind, pkcs8: Uint8Array): (message: Uint8Array) => Uint8Array {
  if (kind === 'sm2') return message => sm2SignNode(pkcs8, message)
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  return message => new Uint8Array(sign('sha256', message, key))
}
