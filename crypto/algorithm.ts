// Signature algorithms of certificates, CMS and time-stamps: object identifiers, digests, kinds of key. Node and browser.
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat } from './bytes.ts'
import { childrenOf, nothing, oid, readBits, readDer, readOid, sequence, sequenceOf } from './der.ts'
import { pointOfSpki } from './ec-key.ts'
import { sm3 } from './sm3.ts'

export type KeyKind = 'rsa' | 'p256' | 'sm2'
export type DigestName = 'sha256' | 'sm3'

export const oids = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sm3: '1.2.156.10197.1.401',
  rsa: '1.2.840.113549.1.1.1',
  rsaSha256: '1.2.840.113549.1.1.11',
  ecdsaSha256: '1.2.840.10045.4.3.2',
  sm2Sm3: '1.2.156.10197.1.501',
} as const

export const digestOfKey = (key: KeyKind): DigestName => (key === 'sm2' ? 'sm3' : 'sha256')

/** AlgorithmIdentifier of a signature by this kind of key. */
export function signatureAlgorithm(key: KeyKind): Bytes {
  if (key === 'rsa') return sequence(oid(oids.rsaSha256), nothing)
  return sequence(oid(key === 'p256' ? oids.ecdsaSha256 : oids.sm2Sm3))
}

export const digestAlgorithm = (digest: DigestName): Bytes => sequence(oid(oids[digest]))

/** The kind of key a signature algorithm needs, or null where it is none of ours. CMS may name plain RSA with the digest apart. */
export function keyOfSignatureOid(id: string): KeyKind | null {
  if (id === oids.rsaSha256 || id === oids.rsa) return 'rsa'
  if (id === oids.ecdsaSha256) return 'p256'
  return id === oids.sm2Sm3 ? 'sm2' : null
}

/** The kind of key in an SPKI, or null where it is none of ours: RSA has at least 2,048 bits, EC keys are named and uncompressed. */
export function keyOfSpki(spki: Uint8Array): KeyKind | null {
  const point = pointOfSpki(spki)
  if (point) return point.curve === 'SM2' ? 'sm2' : 'p256'
  try {
    const [algorithm, key] = sequenceOf(readDer(spki), 2)
    if (readOid(childrenOf(algorithm!)[0]) !== oids.rsa) return null
    const modulus = sequenceOf(readDer(readBits(key)), 2)[0]!.content
    return modulus.length >= 256 && modulus.length <= 1_025 ? 'rsa' : null
  } catch {
    return null
  }
}

export const digestOf = (name: DigestName, ...parts: Uint8Array[]): Bytes =>
  new Uint8Array(name === 'sm3' ? sm3(concat(...parts)) : sha256(concat(...parts)))
