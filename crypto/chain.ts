// Whether a certificate may be relied on: chain, validity, key usage, revocation (RFC 5280 §6), for RSA, P-256 and SM2.
import { equal } from './bytes.ts'
import { isOlder, type RevocationList } from './crl.ts'
import { signatureHolds } from './signature-node.ts'
import type { Certificate, KeyUsage } from './x509.ts'

export type CertificateProblem =
  | 'cert-expired'
  | 'cert-not-yet-valid'
  | 'cert-revoked'
  | 'cert-status-unknown'
  | 'cert-untrusted'
  | 'cert-wrong-usage'

export interface Trust {
  roots: Certificate[]
  /** Certificates that may stand between. */
  intermediates?: Certificate[]
  revocationLists?: RevocationList[]
  /**
   * How long after its nextUpdate a list may still be relied on, in ms. Where it is given, a certificate whose issuer's list is missing or
   * older than that is refused; where it is not, the caller reads `revocation` and says what it found.
   */
  graceMs?: number
  at: Date
  /** One of these usages is needed; a certificate without the extension may do anything. */
  usages?: KeyUsage[]
}

/** What is known of a certificate's revocation: `stale` and `missing` are never "not revoked" (RFC 5280 §6.3: UNDETERMINED). */
export interface Revocation {
  standing: 'good' | 'stale' | 'missing'
  /** The list it was looked up in; null where there is none. */
  list: RevocationList | null
}

export type Reliance =
  /** `revocation`: one for each certificate of the chain below its root, the leaf first. */
  | { ok: true; chain: Certificate[]; revocation: Revocation[] }
  | { ok: false; problem: CertificateProblem; facts: Record<string, string> }

const longestChain = 6

/** Which CA signed which certificate, by fingerprints, which are over all of both: what held once holds for ever. */
const issued = new Set<string>()
const mostRemembered = 10_000

/** At a deadline the same bidders sign again and again: their CA's signature is computed once. One that does not hold is not kept. */
function signedBy(child: Certificate, parent: Certificate): boolean {
  if (!equal(child.issuer.raw, parent.subject.raw)) return false
  const pair = `${parent.fingerprint} ${child.fingerprint}`
  if (issued.has(pair)) return true
  if (!signatureHolds(parent.spki, child.tbs, child.signature)) return false
  if (issued.size >= mostRemembered) issued.clear()
  issued.add(pair)
  return true
}

const mayIssue = (certificate: Certificate) =>
  certificate.isCa && (certificate.usages === null || certificate.usages.includes('keyCertSign'))

/** From the leaf to a root, or null. */
function chainOf(leaf: Certificate, trust: Trust, depth = 0): Certificate[] | null {
  if (trust.roots.some(root => root.fingerprint === leaf.fingerprint)) return [leaf]
  if (depth >= longestChain) return null
  for (const parent of [...trust.roots, ...(trust.intermediates ?? [])]) {
    if (parent.fingerprint === leaf.fingerprint || !mayIssue(parent) || !signedBy(leaf, parent)) continue
    const rest = chainOf(parent, trust, depth + 1)
    if (rest) return [leaf, ...rest]
  }
  return null
}

/** Lists stay while certificates come and go: whether this issuer signed this list is found out once. */
const genuine = new WeakMap<RevocationList, Map<string, boolean>>()

function mayList(issuer: Certificate, list: RevocationList): boolean {
  if (!equal(list.issuer.raw, issuer.subject.raw) || list.signatureKey !== issuer.key) return false
  return issuer.usages === null || issuer.usages.includes('cRLSign')
}

/** Whether the list is this CA's: its name, its right to sign lists (cRLSign), its signature (RFC 5280 §6.3.3 f–g). */
export function isListOf(issuer: Certificate, list: RevocationList): boolean {
  const known = genuine.get(list) ?? new Map<string, boolean>()
  genuine.set(list, known)
  const found = known.get(issuer.fingerprint)
  if (found !== undefined) return found
  const holds = mayList(issuer, list) && signatureHolds(issuer.spki, list.tbs, list.signature)
  known.set(issuer.fingerprint, holds)
  return holds
}

/** The issuer's newest list. One made after a certificate's end may have dropped it (RFC 5280 §3.3) and says nothing about it. */
function listFor(certificate: Certificate, issuer: Certificate, lists: RevocationList[]): RevocationList | null {
  let newest: RevocationList | null = null
  for (const list of lists) {
    if (list.thisUpdate > certificate.notAfter || (newest && isOlder(list, newest))) continue
    if (isListOf(issuer, list)) newest = list
  }
  return newest
}

/** A list made later also knows of `at`; one made before it does until its nextUpdate. */
function revocationOf(certificate: Certificate, issuer: Certificate, trust: Trust): Revocation {
  const list = listFor(certificate, issuer, trust.revocationLists ?? [])
  if (!list) return { standing: 'missing', list }
  return { standing: trust.at > list.nextUpdate ? 'stale' : 'good', list }
}

function revocationProblem(certificate: Certificate, { standing, list }: Revocation, trust: Trust): Reliance | null {
  const since = list?.revoked.get(certificate.serial)
  if (since && since <= trust.at) return refuse('cert-revoked', { revokedAt: since.toISOString() })
  if (trust.graceMs === undefined || standing === 'good') return null
  if (list && trust.at.getTime() <= list.nextUpdate.getTime() + trust.graceMs) return null
  return refuse('cert-status-unknown', {
    issuer: certificate.issuer.commonName,
    nextUpdate: list?.nextUpdate.toISOString() ?? '',
  })
}

const refuse = (problem: CertificateProblem, facts: Record<string, string> = {}): Reliance => ({ ok: false, problem, facts })

/** Whether `leaf` may be relied on at a time. The first thing that is wrong is named, with its date where it has one. */
export function relyOn(leaf: Certificate, trust: Trust): Reliance {
  const chain = chainOf(leaf, trust)
  if (!chain) return refuse('cert-untrusted')
  const revocation: Revocation[] = []
  for (const [i, certificate] of chain.entries()) {
    if (trust.at < certificate.notBefore) return refuse('cert-not-yet-valid', { notBefore: certificate.notBefore.toISOString() })
    if (trust.at > certificate.notAfter) return refuse('cert-expired', { notAfter: certificate.notAfter.toISOString() })
    const issuer = chain[i + 1]
    if (!issuer) continue
    const found = revocationOf(certificate, issuer, trust)
    const problem = revocationProblem(certificate, found, trust)
    if (problem) return problem
    revocation.push(found)
  }
  const usages = leaf.usages
  if (trust.usages && usages && !trust.usages.some(usage => usages.includes(usage)))
    return refuse('cert-wrong-usage', { usage: trust.usages.join(' / ') })
  return { ok: true, chain, revocation }
}
