// X.509 certificates (RFC 5280), read only as far as this platform decides by them. Node and browser.

import { digestOf, type KeyKind, keyOfSignatureOid, keyOfSpki } from './algorithm.ts'
import { type Bytes, concat, equal, hex } from './bytes.ts'
import {
  childrenOf,
  context,
  DerError,
  type DerNode,
  expectTag,
  readBits,
  readDer,
  readIntegerHex,
  readOctets,
  readOid,
  readText,
  readTime,
  sequenceOf,
  tags,
} from './der.ts'

export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const
export type KeyUsage = (typeof keyUsages)[number]

export interface Name {
  /** The DER of the whole name: what issuer and subject are compared by. */
  raw: Bytes
  commonName: string
  organisation: string
  /** serialNumber attribute (2.5.4.5): the 统一社会信用代码 or a person's number. */
  serialNumber: string
}

export interface Certificate {
  der: Bytes
  /** SHA-256 of the DER, lower-case hex. */
  fingerprint: string
  serial: string
  issuer: Name
  subject: Name
  notBefore: Date
  notAfter: Date
  spki: Bytes
  key: KeyKind
  isCa: boolean
  /** null where the extension is absent. */
  usages: KeyUsage[] | null
  extendedUsages: string[]
  /** Whether extKeyUsage is critical (a time-stamping certificate must say so, RFC 3161 §2.3). */
  extendedUsageCritical: boolean
  tbs: Bytes
  signature: Bytes
  signatureKey: KeyKind
}

const copy = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)
const known = new Set([
  '2.5.29.14',
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.19',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.35',
  '2.5.29.37',
  '1.3.6.1.5.5.7.1.1',
])

/** A distinguished name. */
export function readName(node: DerNode): Name {
  const found = new Map<string, string>()
  for (const set of sequenceOf(node)) {
    for (const pair of childrenOf(expectTag(set, tags.set))) {
      const [type, value] = sequenceOf(pair, 2)
      found.set(readOid(type), readText(value!))
    }
  }
  const at = (id: string) => found.get(id) ?? ''
  return { raw: copy(node.raw), commonName: at('2.5.4.3'), organisation: at('2.5.4.10'), serialNumber: at('2.5.4.5') }
}

interface Extensions {
  isCa: boolean
  usages: KeyUsage[] | null
  extendedUsages: string[]
  extendedUsageCritical: boolean
}

interface Extension {
  id: string
  critical: boolean
  /** The DER inside the OCTET STRING. */
  value: Uint8Array
}

/** The members of an Extensions, each at most once (RFC 5280 §4.2). */
export function listExtensions(node: DerNode | undefined): Extension[] {
  const seen = new Set<string>()
  return (node ? sequenceOf(node) : []).map(extension => {
    const parts = sequenceOf(extension, 2)
    const id = readOid(parts[0])
    if (seen.has(id)) throw new DerError('x509: repeated extension')
    seen.add(id)
    const critical = parts[1]!.tag === tags.boolean && parts[1]!.content[0] !== 0
    return { id, critical, value: readOctets(parts.at(-1)) }
  })
}

function readExtensions(node: DerNode | undefined): Extensions {
  const found: Extensions = { isCa: false, usages: null, extendedUsages: [], extendedUsageCritical: false }
  for (const { id, critical, value } of node ? listExtensions(childrenOf(node)[0]) : []) {
    if (critical && !known.has(id)) throw new DerError(`x509: unknown critical extension ${id}`)
    readExtension(found, id, readDer(value), critical)
  }
  return found
}

function readExtension(found: Extensions, id: string, value: DerNode, critical: boolean): void {
  if (id === '2.5.29.19') found.isCa = sequenceOf(value)[0]?.tag === tags.boolean && sequenceOf(value)[0]!.content[0] === 0xff
  if (id === '2.5.29.15') {
    const [, first = 0] = expectTag(value, tags.bits).content
    found.usages = keyUsages.filter((_, bit) => first & (0x80 >> bit))
  }
  if (id === '2.5.29.37') {
    found.extendedUsages = sequenceOf(value).map(readOid)
    found.extendedUsageCritical = critical
  }
}

/** Reads a certificate. Throws DerError on damage, an unknown critical extension, or a kind of key that is none of ours. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > 65_536) throw new DerError('x509: too large')
  const [tbs, algorithm, signature] = sequenceOf(readDer(bytes), 3)
  const fields = sequenceOf(tbs, 6)
  if (fields[0]!.tag === context(0)) fields.shift()
  if (fields.length < 6) throw new DerError('x509: fields missing')
  const [serial, inner, issuer, validity, subject, spki, ...rest] = fields
  const [notBefore, notAfter] = sequenceOf(validity, 2)
  const key = keyOfSpki(spki!.raw)
  const signatureKey = keyOfSignatureOid(readOid(sequenceOf(algorithm, 1)[0]))
  if (!key || !signatureKey || !equal(inner!.raw, algorithm!.raw)) throw new DerError('x509: algorithm')
  return {
    der: copy(bytes),
    fingerprint: hex(digestOf('sha256', bytes)),
    serial: readIntegerHex(serial),
    issuer: readName(issuer!),
    subject: readName(subject!),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    spki: copy(spki!.raw),
    key,
    ...readExtensions(rest.find(node => node.tag === context(3))),
    tbs: copy(tbs!.raw),
    signature: copy(readBits(signature)),
    signatureKey,
  }
}

/** A certificate from DER, PEM or base64. */
export function certificateOf(source: Uint8Array | string): Certificate {
  if (typeof source !== 'string') return parseCertificate(source)
  const text = source.replace(/-----[A-Z ]+-----/g, '').replace(/\s+/g, '')
  return parseCertificate(Uint8Array.from(atob(text), c => c.charCodeAt(0)))
}

/** PEM of a DER, for stock tools. */
export function pemOf(label: string, bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...concat(bytes)))
  return `-----BEGIN ${label}-----\n${text.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`
}
