// A custodian's key for one lot: made by the custodian, kept by the platform only wrapped to the custodian's certificate (crypto.md §2.3).
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, fromUtf8 } from './bytes.ts'
import { canonical, canonicalBytes, parseCanonicalText } from './jcs.ts'
import { base64Text, type Check, expectShape, hex64, oneOf, record } from './schema.ts'
import type { Random } from './suite.ts'
import { type Recipient, type UnwrapKey, unwrapSecret, type Wrap, wrapSecret } from './wrap.ts'

/** Whose key, for which lot and round. */
export interface LotKeyScope {
  platform: string
  project: string
  lot: string
  round: number
  org: string
}

const ct = base64Text(1, 1024)
const wrapShape: Check<Wrap> = record(
  { alg: oneOf('RSA-OAEP-256', 'HPKE-P256', 'SM2'), kid: hex64, ct },
  { enc: base64Text(65, 65) },
)

function bindingOf({ platform, project, lot, round, org }: LotKeyScope): Uint8Array {
  return sha256(concat('tbid/lotkey wrap\0', canonical({ platform, project, lot, round, org })))
}

/** Wraps the 32-byte private key to the custodian's own certificate: what the platform stores and cannot open. */
export async function wrapLotKey(self: Recipient, secret: Uint8Array, scope: LotKeyScope, random: Random): Promise<Bytes> {
  if (secret.length !== 32) throw new Error('lotkey: a private key of 32 bytes')
  return new Uint8Array(canonicalBytes(await wrapSecret(self, secret, bindingOf(scope), random)))
}

/** The 32-byte private key, or null when it was wrapped for another key or another lot. Throws on damage. */
export async function unwrapLotKey(key: UnwrapKey, wrapped: Uint8Array, scope: LotKeyScope): Promise<Bytes | null> {
  if (wrapped.length > 4_096) throw new Error('lotkey: too large')
  const wrap = expectShape(wrapShape, parseCanonicalText(fromUtf8(wrapped)), 'lotkey')
  return unwrapSecret(key, wrap, bindingOf(scope))
}
