// PKCS#12 key files (.p12, RFC 7292). node-forge opens and closes the bags (it cannot read EC keys); keys are RSA, P-256 or SM2. Node and browser.
import forge from 'node-forge'
import { type KeyKind, keyOfSpki } from './algorithm.ts'
import { type Bytes, concat, equal, hex } from './bytes.ts'
import {
  childrenOf,
  context,
  der,
  expectTag,
  integer,
  nothing,
  octets,
  oid,
  readBits,
  readDer,
  readOctets,
  readOid,
  sequence,
  sequenceOf,
  setOf,
  tags,
} from './der.ts'
import { pkcs8OfScalar, pointOfSpki, scalarOfPkcs8 } from './ec-key.ts'
import { derivePublicPoint } from './public-point.ts'
import { type Certificate, parseCertificate } from './x509.ts'

/** One key of a .p12, with its certificate and what came along. */
export interface KeyEntry {
  pkcs8: Bytes
  certificate: Certificate
  chain: Certificate[]
  kind: KeyKind
}

/** Opening failed: the password is wrong or the file is damaged; which of the two cannot be told. */
export class P12Error extends Error {
  override name = 'P12Error'
}

const ids = {
  data: '1.2.840.113549.1.7.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  sha256: '2.16.840.1.101.3.4.2.1',
}
const iterations = 10_000
const mostBytes = 1_048_576

const binary = (bytes: Uint8Array) => Array.from(bytes, byte => String.fromCharCode(byte)).join('')
const fromBinary = (text: string): Bytes => Uint8Array.from(text, c => c.charCodeAt(0))
const toAsn1 = (bytes: Uint8Array) => forge.asn1.fromDer(binary(bytes))
const fromAsn1 = (node: forge.asn1.Asn1): Bytes => fromBinary(forge.asn1.toDer(node).getBytes())

/** Opens a .p12; every key with the certificate that fits it. Throws P12Error on a wrong password or damage. */
export function readP12(bytes: Uint8Array, password: string): KeyEntry[] {
  if (bytes.length > mostBytes) throw new P12Error('p12: too large')
  let file: forge.pkcs12.Pkcs12Pfx
  try {
    file = forge.pkcs12.pkcs12FromAsn1(toAsn1(bytes), false, password)
  } catch (error) {
    throw new P12Error(`p12: wrong password or damaged file (${error instanceof Error ? error.message : ''})`)
  }
  const bags = file.safeContents.flatMap(content => content.safeBags)
  const certificates = bags.filter(bag => bag.type === ids.certBag).flatMap(certificateOfBag)
  const keys = bags.filter(bag => bag.type === ids.shroudedKeyBag || bag.type === forge.pki.oids.keyBag).map(keyOfBag)
  const leaves = new Set<Certificate>()
  const found = keys.flatMap(pkcs8 => {
    const certificate = certificates.find(c => fits(pkcs8, c) && !leaves.has(c))
    if (certificate) leaves.add(certificate)
    return certificate ? [{ pkcs8, certificate, kind: certificate.key }] : []
  })
  if (found.length === 0) throw new P12Error('p12: no key with its certificate inside')
  return found.map(entry => ({ ...entry, chain: certificates.filter(c => !leaves.has(c)) }))
}

function certificateOfBag(bag: forge.pkcs12.Bag): Certificate[] {
  const node = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : (bag.asn1 as forge.asn1.Asn1 | undefined)
  try {
    return node ? [parseCertificate(fromAsn1(node))] : []
  } catch {
    return [] // a certificate of another kind stands beside ours: not for us
  }
}

function keyOfBag(bag: forge.pkcs12.Bag): Bytes {
  if (bag.key) return fromAsn1(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)))
  return fromAsn1(bag.asn1)
}

/** Whether a private key belongs to a certificate's public key. */
function fits(pkcs8: Uint8Array, certificate: Certificate): boolean {
  try {
    const point = pointOfSpki(certificate.spki)
    if (!point) return equal(modulusOfPkcs8(pkcs8), modulusOfSpki(certificate.spki))
    const { curve, secret } = scalarOfPkcs8(normalEcKey(pkcs8))
    return curve === point.curve && equal(derivePublicPoint(curve, secret), point.point)
  } catch {
    return false
  }
}

function modulusOfPkcs8(pkcs8: Uint8Array): Uint8Array {
  const [, algorithm, key] = sequenceOf(readDer(pkcs8), 3)
  if (readOid(sequenceOf(algorithm)[0]) !== '1.2.840.113549.1.1.1') throw new Error('not RSA')
  return sequenceOf(readDer(readOctets(key)), 3)[1]!.content
}

const modulusOfSpki = (spki: Uint8Array) => sequenceOf(readDer(readBits(sequenceOf(readDer(spki), 2)[1])), 2)[0]!.content

/** Other tools add attributes and curve parameters: rewritten in the one form the rest of this code reads. */
function normalEcKey(pkcs8: Uint8Array): Bytes {
  const [, algorithm, key] = sequenceOf(readDer(pkcs8), 3)
  const curve = readOid(sequenceOf(algorithm, 2)[1])
  const name = curve === '1.2.840.10045.3.1.7' ? 'P-256' : curve === '1.2.156.10197.1.301' ? 'SM2' : null
  if (!name) throw new Error('another curve')
  const secret = readOctets(sequenceOf(readDer(readOctets(key)), 2)[1])
  const padded = concat(new Uint8Array(Math.max(0, 32 - secret.length)), secret)
  return pkcs8OfScalar(name, padded, derivePublicPoint(name, padded))
}

/** The key in the form the rest of this code reads: EC keys rewritten, RSA as it is. */
export function normalKey(entry: Pick<KeyEntry, 'pkcs8' | 'kind'>): Bytes {
  return entry.kind === 'rsa' ? entry.pkcs8 : normalEcKey(entry.pkcs8)
}

/** Closes keys and certificates (DER) into a .p12: keys under AES-256 (PBES2), the whole under HMAC-SHA-256. */
export function writeP12(
  entries: { pkcs8: Uint8Array; certificate: Uint8Array; chain?: Uint8Array[] }[],
  password: string,
): Bytes {
  const seen = new Set<string>()
  const bags = entries.flatMap((entry, i) => [keyBag(entry.pkcs8, password, i), certificateBag(entry.certificate, i)])
  const chain = entries.flatMap(entry => entry.chain ?? []).filter(c => !seen.has(hex(c)) && seen.add(hex(c)))
  const contents = sequence(...bags, ...chain.map(c => certificateBag(c, null)))
  const safe = sequence(dataInfo(contents))
  return sequence(integer(3), dataInfo(safe), macOf(safe, password))
}

const dataInfo = (content: Uint8Array) => sequence(oid(ids.data), der(context(0), octets(content)))
const linked = (i: number | null) =>
  i === null ? [] : [setOf(sequence(oid(ids.localKeyId), setOf(octets(Uint8Array.of(i + 1)))))]

function keyBag(pkcs8: Uint8Array, password: string, i: number): Bytes {
  if (keyKindMissing(pkcs8)) throw new Error('p12: unsupported key')
  const shrouded = forge.pki.encryptPrivateKeyInfo(toAsn1(pkcs8), password, {
    algorithm: 'aes256',
    count: iterations,
    prfAlgorithm: 'sha256',
  } as never)
  return sequence(oid(ids.shroudedKeyBag), der(context(0), fromAsn1(shrouded)), ...linked(i))
}

const keyKindMissing = (pkcs8: Uint8Array) => childrenOf(expectTag(readDer(pkcs8), tags.sequence)).length < 3

function certificateBag(certificate: Uint8Array, i: number | null): Bytes {
  if (!keyOfSpki(parseCertificate(certificate).spki)) throw new Error('p12: unsupported certificate')
  const bag = sequence(oid(ids.x509Certificate), der(context(0), octets(certificate)))
  return sequence(oid(ids.certBag), der(context(0), bag), ...linked(i))
}

function macOf(safe: Uint8Array, password: string): Bytes {
  const salt = forge.random.getBytesSync(16)
  const generate = forge.pkcs12.generateKey as unknown as (
    p: string,
    s: forge.util.ByteStringBuffer,
    id: number,
    n: number,
    size: number,
    md: unknown,
  ) => forge.util.ByteStringBuffer
  const key = generate(password, forge.util.createBuffer(salt), 3, iterations, 32, forge.md.sha256.create())
  const mac = forge.hmac.create()
  mac.start(forge.md.sha256.create() as never, key)
  mac.update(binary(safe))
  const info = sequence(sequence(oid(ids.sha256), nothing), octets(fromBinary(mac.digest().getBytes())))
  return sequence(info, octets(fromBinary(salt)), integer(iterations))
}
