// CMS SignedData (RFC 5652) as CAdES-B / CAdES-T (ETSI EN 319 122): one signer, RSA, ECDSA P-256 or SM2. Node and browser; checking is in cms-verify.ts.
import { type DigestName, digestAlgorithm, digestOf, digestOfKey, signatureAlgorithm } from './algorithm.ts'
import { issuerAndSerial, signingCertificateV2 } from './authority.ts'
import { type Bytes, equal, hex } from './bytes.ts'
import {
  childrenOf,
  context,
  DerError,
  type DerNode,
  der,
  expectTag,
  integer,
  octets,
  oid,
  readDer,
  readOctets,
  readOid,
  sequence,
  sequenceOf,
  setOf,
  tags,
} from './der.ts'
import { type Certificate, parseCertificate } from './x509.ts'

export const cmsOids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamp: '1.2.840.113549.1.9.16.2.14',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
} as const

/** Whoever holds a signing key: a .p12, a browser key, a USB key. `sign` gets the bytes and makes the DER (ECDSA, SM2) or PKCS#1 signature over them. */
export interface Signer {
  certificate: Certificate
  /** Sent along, so that a verifier needs only the root. */
  chain?: Certificate[]
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

const attribute = (id: string, value: Uint8Array) => sequence(oid(id), setOf(value))

/** Signed attributes as SET OF (what is signed); inside SignerInfo the same bytes carry tag [0]. */
function signedAttributes(certificate: Certificate, contentType: string, digest: Uint8Array): Bytes {
  return setOf(
    attribute(cmsOids.contentType, oid(contentType)),
    attribute(cmsOids.messageDigest, octets(digest)),
    attribute(cmsOids.signingCertificateV2, signingCertificateV2(certificate)),
  )
}

const retag = (tag: number, encoded: Uint8Array): Bytes => der(tag, readDer(encoded).content)

export interface SignedContent {
  /** Digest of the content by `digestOfKey` of the signer's key. */
  digest: Uint8Array
  contentType?: string
  /** Put inside (a time-stamp's TSTInfo); detached if absent. */
  content?: Uint8Array
}

/** A CMS signature over content known by its digest. */
export async function signDigest({ digest, contentType = cmsOids.data, content }: SignedContent, signer: Signer): Promise<Bytes> {
  const { certificate } = signer
  const name = digestOfKey(certificate.key)
  const attributes = signedAttributes(certificate, contentType, digest)
  const signature = await signer.sign(attributes)
  const info = sequence(
    integer(1),
    issuerAndSerial(certificate),
    digestAlgorithm(name),
    retag(context(0), attributes),
    signatureAlgorithm(certificate.key),
    octets(signature),
  )
  const inside = content ? [der(context(0), octets(content))] : []
  const certificates = [certificate, ...(signer.chain ?? [])].map(c => c.der)
  const version = contentType === cmsOids.data ? 1 : 3
  const signed = sequence(
    integer(version),
    setOf(digestAlgorithm(name)),
    sequence(oid(contentType), ...inside),
    der(context(0), ...certificates),
    setOf(info),
  )
  return sequence(oid(cmsOids.signedData), der(context(0), signed))
}

/** A detached CAdES-B signature over `content`. */
export const signDetached = (content: Uint8Array, signer: Signer): Promise<Bytes> =>
  signDigest({ digest: digestOf(digestOfKey(signer.certificate.key), content) }, signer)

export interface SignedMessage {
  certificates: Certificate[]
  signer: Certificate
  digest: DigestName
  messageDigest: Uint8Array
  contentType: string
  /** null when detached. */
  content: Uint8Array | null
  /** The signed attributes as they were signed (SET OF). */
  attributes: Bytes
  /** Hash of the signer's certificate as the attributes name it; null where they do not. */
  certificateHash: Uint8Array | null
  signature: Uint8Array
  /** RFC 3161 token over the signature (CAdES-T), if any. */
  timeStamp: Uint8Array | null
}

function attributeValues(set: DerNode[]): Map<string, DerNode> {
  const found = new Map<string, DerNode>()
  for (const node of set) {
    const [type, values] = sequenceOf(node, 2)
    const id = readOid(type)
    const list = childrenOf(expectTag(values, tags.set))
    if (found.has(id) || list.length !== 1) throw new DerError('cms: attribute')
    found.set(id, list[0]!)
  }
  return found
}

function digestNameOf(algorithm: DerNode | undefined): DigestName {
  const id = readOid(sequenceOf(algorithm, 1)[0])
  if (id === '2.16.840.1.101.3.4.2.1') return 'sha256'
  if (id === '1.2.156.10197.1.401') return 'sm3'
  throw new DerError('cms: digest algorithm')
}

/** The chain that comes with every signature is nearly always the same. Found by the end of its signature, told by all its bytes. */
const certificates = new Map<string, Certificate>()
const mostCertificates = 4_096

function certificateAtHand(bytes: Uint8Array): Certificate {
  const name = hex(bytes.subarray(-16))
  const known = certificates.get(name)
  if (known && equal(known.der, bytes)) return known
  const certificate = parseCertificate(bytes)
  if (certificates.size >= mostCertificates) certificates.delete(certificates.keys().next().value!)
  certificates.set(name, certificate)
  return certificate
}

/** Reads a SignedData with exactly one signer whose certificate is inside. Throws DerError on anything else. Checks no signature. */
export function parseSigned(bytes: Uint8Array): SignedMessage {
  if (bytes.length > 262_144) throw new DerError('cms: too large')
  const [type, wrapped] = sequenceOf(readDer(bytes), 2)
  if (readOid(type) !== cmsOids.signedData) throw new DerError('cms: not signed data')
  const [, , inside, ...rest] = sequenceOf(childrenOf(expectTag(wrapped, context(0)))[0], 4)
  const [contentType, content] = sequenceOf(inside, 1)
  const certificates = childrenOf(
    expectTag(
      rest.find(n => n.tag === context(0)),
      context(0),
    ),
  ).map(n => certificateAtHand(n.raw))
  const infos = childrenOf(expectTag(rest.at(-1), tags.set))
  if (infos.length !== 1) throw new DerError('cms: exactly one signer')
  return {
    ...readSignerInfo(infos[0]!, certificates),
    certificates,
    contentType: readOid(contentType),
    content: content ? readOctets(childrenOf(expectTag(content, context(0)))[0]) : null,
  }
}

const namesInCms = new WeakMap<Certificate, Bytes>()

/** How a signer is named: made once for a certificate that signs again and again. */
function nameInCms(certificate: Certificate): Bytes {
  const known = namesInCms.get(certificate)
  if (known) return known
  const name = issuerAndSerial(certificate)
  namesInCms.set(certificate, name)
  return name
}

function readSignerInfo(info: DerNode, certificates: Certificate[]) {
  const [, identifier, digestAlgorithmNode, attributesNode, , signature, unsigned] = sequenceOf(info, 6)
  const attributesSet = expectTag(attributesNode, context(0))
  const values = attributeValues(childrenOf(attributesSet))
  const wanted = expectTag(identifier, tags.sequence).raw
  const signer = certificates.find(c => equal(nameInCms(c), wanted))
  if (!signer) throw new DerError('cms: no certificate of the signer')
  const signingCertificate = values.get(cmsOids.signingCertificateV2)
  const extra = unsigned?.tag === context(1) ? attributeValues(childrenOf(unsigned)) : new Map<string, DerNode>()
  return {
    signer,
    digest: digestNameOf(digestAlgorithmNode),
    messageDigest: readOctets(values.get(cmsOids.messageDigest)),
    attributes: der(tags.set, attributesSet.content),
    certificateHash: signingCertificate ? certificateHashOf(signingCertificate) : null,
    signature: readOctets(signature),
    timeStamp: extra.get(cmsOids.timeStamp)?.raw ?? null,
    attributeType: readOid(values.get(cmsOids.contentType)),
  }
}

/** certHash of the first ESSCertIDv2 under the default hash algorithm. */
function certificateHashOf(node: DerNode): Uint8Array {
  const first = sequenceOf(sequenceOf(sequenceOf(node, 1)[0], 1)[0], 1)[0]
  return readOctets(first)
}

/** The same signature with an RFC 3161 token over it (CAdES-T). */
export function withTimeStamp(bytes: Uint8Array, token: Uint8Array): Bytes {
  const [type, wrapped] = sequenceOf(readDer(bytes), 2)
  const parts = sequenceOf(childrenOf(expectTag(wrapped, context(0)))[0], 4)
  const info = childrenOf(parts.at(-1)!)[0]!
  const stamped = sequence(
    ...sequenceOf(info)
      .slice(0, 6)
      .map(n => n.raw),
    der(context(1), attribute(cmsOids.timeStamp, token)),
  )
  const signed = sequence(...parts.slice(0, -1).map(n => n.raw), setOf(stamped))
  return sequence(type!.raw, der(context(0), signed))
}

/** The time-stamp that `stamped` adds to `plain`, if it is that signature with nothing else changed; null otherwise. */
export function timeStampAdded(plain: Uint8Array, stamped: Uint8Array): Uint8Array | null {
  try {
    const { timeStamp } = parseSigned(stamped)
    return timeStamp && equal(withTimeStamp(plain, timeStamp), stamped) ? timeStamp : null
  } catch {
    return null
  }
}

/** r ‖ s of WebCrypto ECDSA as the DER that certificates and CMS use. */
export function ecdsaDer(raw: Uint8Array): Bytes {
  const half = raw.length / 2
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)))
}
