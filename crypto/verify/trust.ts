// Whether certificates and time-stamps come from the anchors.

import { digestOf } from '../algorithm.ts'
import type { Anchors } from '../anchors.ts'
import { hex, unbase64 } from '../bytes.ts'
import { type CertificateProblem, type Revocation, relyOn } from '../chain.ts'
import { checkDetached, checkTimeStamp } from '../cms-verify.ts'
import type { RevocationList } from '../crl.ts'
import { noteHolds, readCheckpoint } from '../note.ts'
import { type Certificate, certificateOf } from '../x509.ts'
import { broken, type Finding, holds, noted, unproven } from './finding.ts'

/** What the verifier believes, and revocation lists it was given (those inside an archive). */
export interface Belief {
  anchors: Anchors | null
  revocationLists: RevocationList[]
}

const problemText: Record<CertificateProblem, string> = {
  'cert-expired': '签名时证书已过期',
  'cert-not-yet-valid': '签名时证书尚未生效',
  'cert-revoked': '签名时证书已被吊销',
  'cert-status-unknown': '签名时证书是否已被吊销无从查证',
  'cert-untrusted': '证书不是信任锚中的机构签发的',
  'cert-wrong-usage': '证书的用途不含签名',
}

const nameOf = ({ subject }: Certificate) =>
  [subject.organisation || subject.commonName, subject.serialNumber].filter(Boolean).join(' ')

const nameOfList = ({ number, thisUpdate }: RevocationList) =>
  `${number === null ? '' : `第 ${number} 号`}吊销列表（${thisUpdate.toISOString()}）`

/** What the lists at hand say about a chain that holds; silence of a list that is too old or not there is no "not revoked". */
function revocationFinding(code: string, who: string, revocation: Revocation[]): Finding[] {
  const worst =
    revocation.find(one => one.standing === 'missing') ?? revocation.find(one => one.standing === 'stale') ?? revocation[0]
  if (!worst) return []
  if (!worst.list) return [noted(code, `${who}：手边没有其颁发机构的吊销列表，签名时是否已被吊销未核验`)]
  if (worst.standing === 'stale')
    return [noted(code, `${who}：${nameOfList(worst.list)}在签名前已过有效期，签名时是否已被吊销未核验`)]
  return [holds(code, `${who}：依据${nameOfList(worst.list)}，签名时未被吊销`)]
}

/** Whether a certificate could be relied on for signing at a time. */
export function certificateFindings(
  code: string,
  certificate: Certificate,
  chain: Certificate[],
  at: Date,
  belief: Belief,
): Finding[] {
  const who = nameOf(certificate)
  if (!belief.anchors) return [unproven(code, `签名人自称 ${who}：未提供信任锚，未核验`)]
  const reliance = relyOn(certificate, {
    roots: belief.anchors.roots.map(root => certificateOf(unbase64(root.certificate))),
    intermediates: chain,
    revocationLists: belief.revocationLists,
    at,
    usages: ['digitalSignature', 'nonRepudiation'],
  })
  if (!reliance.ok) return [broken(code, `${who}：${problemText[reliance.problem]}`)]
  return [holds(code, `签名人 ${who}，证书链通向信任锚`), ...revocationFinding(`${code}-status`, who, reliance.revocation)]
}

const signatureText: Record<string, string> = {
  malformed: '签名格式不符',
  'content-differs': '内容与签名时不同',
  'signature-wrong': '签名与证书的公钥不符',
  'certificate-differs': '签名所指的证书不是所附的证书',
}

/** A detached signature over `content`, made at `at`, and its signer. */
export function signatureFindings(
  code: string,
  what: string,
  cms: Uint8Array,
  content: Uint8Array,
  at: Date,
  belief: Belief,
): Finding[] {
  const check = checkDetached(cms, content)
  if (!check.ok) return [broken(code, `${what}：${signatureText[check.problem]}`)]
  const { signer, certificates } = check.message
  const signed = holds(code, `${what}：签名与内容相符（${nameOf(signer)}）`)
  return [signed, ...certificateFindings(`${code}-signer`, signer, certificates, at, belief)]
}

/** A time-stamp over bytes; absence is noted, never a break (crypto.md §10.8). */
export function timeStampFinding(code: string, token: Uint8Array | null, stamped: Uint8Array, belief: Belief): Finding {
  if (!token) return noted(code, '没有时间戳：当时时间戳服务未答复')
  const stamp = checkTimeStamp(token, digestOf('sha256', stamped))
  if (!stamp) return broken(code, '时间戳不成立：不是对这些内容的，或签名不符')
  const at = stamp.at.toISOString()
  if (!belief.anchors) return unproven(code, `时间戳为 ${at}：未提供信任锚，未核验签发者`)
  const known = belief.anchors.tsa.some(
    ({ certificate }) => hex(digestOf('sha256', unbase64(certificate))) === stamp.signer.fingerprint,
  )
  return known ? holds(code, `时间戳 ${at}，由信任锚中的时间戳服务签发`) : broken(code, '时间戳不是信任锚中的服务签发的')
}

/** Whose signatures a checkpoint note carries. Cosignature is demanded only where the caller's claim rests on it. */
export function checkpointFindings(note: string, belief: Belief, needsWitness = false): Finding[] {
  const { size, origin } = readCheckpoint(note)
  const about = `${origin} 前 ${size} 条的检查点`
  if (!belief.anchors) return [unproven('log-signature', `${about}：未提供信任锚，未核验由谁签署`)]
  const { log, witnesses } = belief.anchors
  const signed = noteHolds(note, log.vkey)
  const cosigned = witnesses.filter(({ vkey }) => noteHolds(note, vkey)).map(({ name }) => name)
  const found = [
    signed ? holds('log-signature', `${about}由日志密钥签署`) : broken('log-signature', `${about}不是信任锚中的日志密钥签署的`),
  ]
  if (cosigned.length > 0) return [...found, holds('witness', `见证方 ${cosigned.join('、')} 已联署`)]
  if (needsWitness) return [...found, broken('witness', `${about}没有见证方的有效联署`)]
  return [...found, noted('witness', '检查点未经见证方联署：可在其后的公开检查点中核对')]
}
