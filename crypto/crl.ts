// Certificate revocation lists (RFC 5280 §5): complete ones, of the CA that issued the certificates. Node and browser.
import { digestOf, type KeyKind, keyOfSignatureOid } from './algorithm.ts'
import { type Bytes, equal, hex } from './bytes.ts'
import {
  childrenOf,
  context,
  DerError,
  type DerNode,
  expectTag,
  readBits,
  readDer,
  readIntegerHex,
  readOid,
  readSmallInteger,
  readTime,
  sequenceOf,
  tags,
} from './der.ts'
import { listExtensions, type Name, readName } from './x509.ts'

export interface RevocationList {
  issuer: Name
  /** CRLNumber in decimal digits; null where the list bears none. */
  number: string | null
  thisUpdate: Date
  nextUpdate: Date
  /** Serial (hex) → since when. */
  revoked: Map<string, Date>
  signatureKey: KeyKind
  /** SHA-256 of the DER, lower-case hex. */
  sha256: string
  der: Bytes
  tbs: Bytes
  signature: Bytes
}

const mostBytes = 16_777_216
const mostEntries = 400_000

/** Extensions of a list whose meaning is known here, or may be passed over: key identifier, alternative name, number, fresher lists, AIA. */
const known = new Set(['2.5.29.35', '2.5.29.18', '2.5.29.20', '2.5.29.46', '1.3.6.1.5.5.7.1.1'])
/** Of an entry: reason, when the key was lost. An indirect list's certificateIssuer is not among them. */
const knownOfEntry = new Set(['2.5.29.21', '2.5.29.24'])
/** Delta lists and lists of a part of the certificates: silence of one says nothing, so none is taken, marked critical or not. */
const partial = new Set(['2.5.29.27', '2.5.29.28'])

function numberOf(node: DerNode | undefined): string | null {
  for (const { id, critical } of listExtensions(node)) {
    if (partial.has(id)) throw new DerError('crl: covers a part only (delta or distribution point)')
    if (critical && !known.has(id)) throw new DerError(`crl: unknown critical extension ${id}`)
  }
  const number = listExtensions(node).find(({ id }) => id === '2.5.29.20')
  if (!number) return null
  const digits = readIntegerHex(readDer(number.value, tags.integer))
  if (digits.length === 0 || digits.length > 40 || /^[89a-f]/.test(digits)) throw new DerError('crl: number')
  return BigInt(`0x${digits}`).toString()
}

function entryOf(node: DerNode): [serial: string, since: Date] {
  const [serial, since, extensions] = sequenceOf(node, 2)
  for (const { id, critical } of listExtensions(extensions))
    if (critical && !knownOfEntry.has(id)) throw new DerError(`crl: unknown critical extension ${id} of an entry`)
  return [readIntegerHex(serial), readTime(since)]
}

/**
 * Reads a CRL. Throws DerError on damage, on a signature algorithm that is none of ours or not the same inside and outside (§5.1.1.2), on a
 * missing nextUpdate (§5.1.2.5), on unknown critical extensions (§5.2), on lists of a part of the certificates. Checks no signature.
 */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  if (bytes.length > mostBytes) throw new DerError('crl: too large')
  const [tbs, algorithm, signature] = sequenceOf(readDer(bytes), 3)
  const fields = sequenceOf(tbs, 3)
  const isSecond = fields[0]!.tag === tags.integer
  if (isSecond && readSmallInteger(fields.shift()) !== 1) throw new DerError('crl: version')
  const [inner, issuer, thisUpdate, nextUpdate, ...rest] = fields
  const signatureKey = keyOfSignatureOid(readOid(sequenceOf(algorithm, 1)[0]))
  if (!signatureKey || !equal(inner!.raw, algorithm!.raw)) throw new DerError('crl: algorithm')
  if (nextUpdate?.tag !== tags.utcTime && nextUpdate?.tag !== tags.generalizedTime) throw new DerError('crl: no nextUpdate')
  const list = rest[0]?.tag === tags.sequence ? rest.shift() : undefined
  const extensions = isSecond && rest[0]?.tag === context(0) ? childrenOf(rest.shift()!)[0] : undefined
  if (rest.length > 0) throw new DerError('crl: fields')
  return {
    issuer: readName(issuer!),
    number: numberOf(extensions),
    thisUpdate: readTime(thisUpdate),
    nextUpdate: readTime(nextUpdate),
    revoked: new Map((list ? childrenOf(expectTag(list, tags.sequence), mostEntries) : []).map(entryOf)),
    signatureKey,
    sha256: hex(digestOf('sha256', bytes)),
    der: new Uint8Array(bytes),
    tbs: new Uint8Array(tbs!.raw),
    signature: new Uint8Array(readBits(signature)),
  }
}

/** A CRL from DER, PEM or base64. Throws as parseRevocationList does. */
export function revocationListOf(source: Uint8Array | string): RevocationList {
  if (typeof source !== 'string') return parseRevocationList(source)
  const text = source.replace(/-----[A-Z0-9 ]+-----/g, '').replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new DerError('crl: neither DER nor PEM')
  return parseRevocationList(Uint8Array.from(atob(text), c => c.charCodeAt(0)))
}

/** Whether `one` was issued before `other`: by number where both bear one, else by thisUpdate. */
export function isOlder(
  one: Pick<RevocationList, 'number' | 'thisUpdate'>,
  other: Pick<RevocationList, 'number' | 'thisUpdate'>,
) {
  if (one.number !== null && other.number !== null && one.number !== other.number)
    return BigInt(one.number) < BigInt(other.number)
  return one.thisUpdate < other.thisUpdate
}
