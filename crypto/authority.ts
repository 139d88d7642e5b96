// Issuing certificates and CRLs: the demo CA and the sandbox TSA. Keys, serials and times are handed in. Node and browser.
import { digestOf, type KeyKind, keyOfSpki, signatureAlgorithm } from './algorithm.ts'
import { type Bytes, concat } from './bytes.ts'
import {
  bits,
  context,
  der,
  integer,
  octets,
  oid,
  printable,
  readBits,
  readDer,
  sequence,
  sequenceOf,
  setOf,
  tags,
  text,
  time,
  truth,
} from './der.ts'
import { type Certificate, type KeyUsage, keyUsages } from './x509.ts'

export interface Issuer {
  name: SubjectName
  key: KeyKind
  spki: Uint8Array
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

export interface SubjectName {
  commonName: string
  organisation?: string
  /** 统一社会信用代码, or a person's number. */
  serialNumber?: string
}

export interface CertificateRequest {
  subject: SubjectName
  spki: Uint8Array
  serial: Uint8Array
  notBefore: Date
  notAfter: Date
  usages: KeyUsage[]
  isCa?: boolean
  /** For a TSA: id-kp-timeStamping, critical and alone (RFC 3161 §2.3). */
  isTimeStamper?: boolean
}

const attribute = (id: string, value: Uint8Array) => setOf(sequence(oid(id), value))

export function nameDer({ commonName, organisation, serialNumber }: SubjectName): Bytes {
  return sequence(
    attribute('2.5.4.6', printable('CN')),
    ...(organisation ? [attribute('2.5.4.10', text(organisation))] : []),
    attribute('2.5.4.3', text(commonName)),
    ...(serialNumber ? [attribute('2.5.4.5', printable(serialNumber))] : []),
  )
}

function usageBits(usages: KeyUsage[]): Bytes {
  const value = keyUsages.reduce((sum, usage, bit) => (usages.includes(usage) ? sum | (0x80 >> bit) : sum), 0)
  const unused = value === 0 ? 0 : Math.log2(value & -value)
  return der(tags.bits, Uint8Array.of(unused, value))
}

const keyIdentifier = (spki: Uint8Array) => digestOf('sha256', readBits(sequenceOf(readDer(spki), 2)[1])).subarray(0, 20)
const extension = (id: string, critical: boolean, value: Uint8Array) =>
  sequence(oid(id), ...(critical ? [truth] : []), octets(value))

function extensionsOf(request: CertificateRequest, issuerSpki: Uint8Array): Bytes {
  return sequence(
    extension('2.5.29.19', true, request.isCa ? sequence(truth) : sequence()),
    extension('2.5.29.15', true, usageBits(request.usages)),
    ...(request.isTimeStamper ? [extension('2.5.29.37', true, sequence(oid('1.3.6.1.5.5.7.3.8')))] : []),
    extension('2.5.29.14', false, octets(keyIdentifier(request.spki))),
    extension('2.5.29.35', false, sequence(der(0x80, keyIdentifier(issuerSpki)))),
  )
}

/** A version 3 certificate signed by `issuer`, as DER. Throws if the subject's key is none of ours. */
export async function issueCertificate(request: CertificateRequest, issuer: Issuer): Promise<Bytes> {
  if (!keyOfSpki(request.spki)) throw new Error('authority: unsupported key')
  const algorithm = signatureAlgorithm(issuer.key)
  const tbs = sequence(
    der(context(0), integer(2)),
    integer(request.serial),
    algorithm,
    nameDer(issuer.name),
    sequence(time(request.notBefore), time(request.notAfter)),
    nameDer(request.subject),
    concat(request.spki),
    der(context(3), extensionsOf(request, issuer.spki)),
  )
  return sequence(tbs, algorithm, bits(await issuer.sign(tbs)))
}

export interface ListToIssue {
  /** Serials as INTEGER content bytes. */
  revoked: { serial: Uint8Array; since: Date }[]
  /** CRLNumber: each list of a CA bears a greater one (RFC 5280 §5.2.3). */
  number: number
  at: Date
  next: Date
}

/** A version 2 CRL, as DER. */
export async function issueRevocationList({ revoked, number, at, next }: ListToIssue, issuer: Issuer): Promise<Bytes> {
  const algorithm = signatureAlgorithm(issuer.key)
  const entries = revoked.map(entry => sequence(der(tags.integer, entry.serial), time(entry.since)))
  const extensions = sequence(
    extension('2.5.29.35', false, sequence(der(0x80, keyIdentifier(issuer.spki)))),
    extension('2.5.29.20', false, integer(number)),
  )
  const tbs = sequence(
    integer(1),
    algorithm,
    nameDer(issuer.name),
    time(at),
    time(next),
    ...(entries.length ? [sequence(...entries)] : []),
    der(context(0), extensions),
  )
  return sequence(tbs, algorithm, bits(await issuer.sign(tbs)))
}

/** IssuerAndSerialNumber of a certificate (RFC 5652 §10.2.4). */
export const issuerAndSerial = (certificate: Certificate): Bytes =>
  sequence(
    certificate.issuer.raw,
    der(
      tags.integer,
      Uint8Array.from(certificate.serial.match(/../g) ?? [], b => Number.parseInt(b, 16)),
    ),
  )

/** SigningCertificateV2 with the default hash, SHA-256 (RFC 5035). */
export const signingCertificateV2 = (certificate: Certificate): Bytes =>
  sequence(sequence(sequence(octets(digestOf('sha256', certificate.der)))))
