// Checking CMS signatures and time-stamps (RFC 5652 §5.4–5.6, RFC 3161 §2.4.2) with OpenSSL's primitives.
import { hash } from 'node:crypto'
import { type DigestName, digestOfKey, oids } from './algorithm.ts'
import { equal, hex } from './bytes.ts'
import { cmsOids, parseSigned, type SignedMessage } from './cms.ts'
import { readDer, readIntegerHex, readOctets, readOid, readTime, sequenceOf } from './der.ts'
import { signatureHolds, signatureHoldsApart } from './signature-node.ts'
import type { Certificate } from './x509.ts'

const digestOf = (name: DigestName, bytes: Uint8Array): Uint8Array => hash(name, bytes, 'buffer')

export type SignatureProblem = 'malformed' | 'content-differs' | 'signature-wrong' | 'certificate-differs'

export type SignatureCheck = { ok: true; message: SignedMessage } | { ok: false; problem: SignatureProblem }

/**
 * Whether a detached CMS signature holds over `content`: its digest, its attributes, its signer's key, and the certificate the
 * attributes name. Whether that certificate may be relied on is `relyOn`'s question.
 */
export function checkDetached(cms: Uint8Array, content: Uint8Array): SignatureCheck {
  const message = signedOrNull(cms)
  return message ? checkSigned(message, content) : { ok: false, problem: 'malformed' }
}

/** As `checkDetached`, the signature itself computed beside the event loop. */
export async function checkDetachedApart(cms: Uint8Array, content: Uint8Array): Promise<SignatureCheck> {
  const message = signedOrNull(cms)
  const problem = message ? attributesProblem(message, content) : 'malformed'
  if (!message || problem) return { ok: false, problem: problem ?? 'malformed' }
  const holds = await signatureHoldsApart(message.signer.spki, message.attributes, message.signature)
  return holds ? { ok: true, message } : { ok: false, problem: 'signature-wrong' }
}

function signedOrNull(cms: Uint8Array): SignedMessage | null {
  try {
    return parseSigned(cms)
  } catch {
    return null
  }
}

/** What the signed attributes say, before anybody computes who signed them. */
function attributesProblem(message: SignedMessage, content: Uint8Array): SignatureProblem | null {
  const { signer, digest, messageDigest, certificateHash } = message
  if (digest !== digestOfKey(signer.key)) return 'malformed'
  if (!equal(messageDigest, digestOf(digest, content))) return 'content-differs'
  // A certificate's fingerprint is SHA-256 of its DER, as is certHash in SigningCertificateV2.
  if (!certificateHash || hex(certificateHash) !== signer.fingerprint) return 'certificate-differs'
  return null
}

function checkSigned(message: SignedMessage, content: Uint8Array): SignatureCheck {
  const problem = attributesProblem(message, content)
  if (problem) return { ok: false, problem }
  if (!signatureHolds(message.signer.spki, message.attributes, message.signature))
    return { ok: false, problem: 'signature-wrong' }
  return { ok: true, message }
}

export interface TimeStamp {
  at: Date
  /** Lower-case hex. */
  serial: string
  signer: Certificate
  certificates: Certificate[]
}

/** A time-stamp token's time and signer if it is over this digest (SHA-256) and its signature holds; null otherwise. Never throws. */
export function checkTimeStamp(token: Uint8Array, digest: Uint8Array): TimeStamp | null {
  try {
    const message = parseSigned(token)
    if (message.contentType !== cmsOids.tstInfo || !message.content || !checkSigned(message, message.content).ok) return null
    const [, , imprint, serial, at] = sequenceOf(readDer(message.content), 5)
    const [algorithm, hashed] = sequenceOf(imprint, 2)
    if (readOid(sequenceOf(algorithm, 1)[0]) !== oids.sha256 || !equal(readOctets(hashed), digest)) return null
    if (!isTimeStamper(message.signer)) return null
    return { at: readTime(at), serial: readIntegerHex(serial), signer: message.signer, certificates: message.certificates }
  } catch {
    return null
  }
}

/** RFC 3161 §2.3: id-kp-timeStamping, critical and alone. */
const isTimeStamper = (c: Certificate) =>
  c.extendedUsageCritical && c.extendedUsages.length === 1 && c.extendedUsages[0] === '1.3.6.1.5.5.7.3.8'
