// The chip of the simulated USB key: signs and opens with node:crypto, and gives no key out.
import { constants, createPrivateKey, createPublicKey, diffieHellman, type KeyObject, privateDecrypt, sign } from 'node:crypto'
import { scalarOfPkcs8, spkiOfPoint } from '../../crypto/ec-key'
import { openAlgorithms, signAlgorithms } from '../../crypto/keyprovider-token'
import { type KeyEntry, normalKey } from '../../crypto/p12'
import { sm2Decrypt } from '../../crypto/sm2-cipher'
import { sm2SignNode } from '../../crypto/sm2-node'

export interface ChipKey {
  id: string
  entry: KeyEntry
  /** Signs a message. Throws where the algorithm is not this key's. */
  sign(algorithm: string, message: Uint8Array): Uint8Array
  /** RSA and SM2: decrypts; P-256: x of the shared point. Throws where the algorithm is not this key's or the input is damaged. */
  open(algorithm: string, input: Uint8Array): Uint8Array
}

const keyOf = (pkcs8: Uint8Array): KeyObject => createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })

function opened(entry: KeyEntry, pkcs8: Uint8Array, input: Uint8Array): Uint8Array {
  if (entry.kind === 'sm2') return sm2Decrypt(scalarOfPkcs8(pkcs8).secret, input)
  const key = keyOf(pkcs8)
  if (entry.kind === 'rsa') return privateDecrypt({ key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING }, input)
  const spki = Buffer.from(spkiOfPoint('P-256', input))
  return diffieHellman({ privateKey: key, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) })
}

/** A key on the chip. `id` is what the middleware calls it. */
export function chipKey(entry: KeyEntry, id: string): ChipKey {
  const pkcs8 = normalKey(entry)
  return {
    id,
    entry,
    sign(algorithm, message) {
      if (algorithm !== signAlgorithms[entry.kind]) throw new Error('another algorithm')
      // SM2 goes by its own way: Node would sign with an empty identity (crypto.md §3, trap 2).
      return entry.kind === 'sm2' ? sm2SignNode(pkcs8, message) : sign('sha256', message, keyOf(pkcs8))
    },
    open(algorithm, input) {
      if (algorithm !== openAlgorithms[entry.kind]) throw new Error('another algorithm')
      return opened(entry, pkcs8, input)
    },
  }
}
