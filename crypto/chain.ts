// Whether a certificate may be relied on: chain, validity, key usage, revocation (RFC 5280 §6), for RSA, P-256 and SM2.
import { equal } from './bytes.ts'
import { signatureHolds } from './signature-node.ts'
import type { Certificate, KeyUsage, RevocationList } from './x509.ts'

export type CertificateProblem = 'cert-expired' | 'cert-not-yet-valid' | 'cert-revoked' | 'cert-untrusted' | 'cert-wrong-usage'

export interface Trust {
  roots: Certificate[]
  /** Certificates that may stand between. */
  intermediates?: Certificate[]
  revocationLists?: RevocationList[]
  at: Date
  /** One of these usages is needed; a certificate without the extension may do anything. */
  usages?: KeyUsage[]
}

export type Reliance =
  | { ok: true; chain: Certificate[] }
  | { ok: false; problem: CertificateProblem; facts: Record<string, string> }

const longestChain = 6

const signedBy = (child: Certificate, parent: Certificate) =>
  equal(child.issuer.raw, parent.subject.raw) && signatureHolds(parent.spki, child.tbs, child.signature)

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

function revokedSince(certificate: Certificate, issuer: Certificate, trust: Trust): Date | null {
  for (const list of trust.revocationLists ?? []) {
    if (!equal(list.issuer.raw, certificate.issuer.raw) || !signatureHolds(issuer.spki, list.tbs, list.signature)) continue
    const since = list.revoked.get(certificate.serial)
    if (since) return since
  }
  return null
}

const refuse = (problem: CertificateProblem, facts: Record<string, string> = {}): Reliance => ({ ok: false, problem, facts })

/** Whether `leaf` may be relied on at a time. The first thing that is wrong is named, with its date where it has one. */
export function relyOn(leaf: Certificate, trust: Trust): Reliance {
  const chain = chainOf(leaf, trust)
  if (!chain) return refuse('cert-untrusted')
  for (const [i, certificate] of chain.entries()) {
    if (trust.at < certificate.notBefore) return refuse('cert-not-yet-valid', { notBefore: certificate.notBefore.toISOString() })
    if (trust.at > certificate.notAfter) return refuse('cert-expired', { notAfter: certificate.notAfter.toISOString() })
    const since = chain[i + 1] ? revokedSince(certificate, chain[i + 1]!, trust) : null
    if (since && since <= trust.at) return refuse('cert-revoked', { revokedAt: since.toISOString() })
  }
  const usages = leaf.usages
  if (trust.usages && usages && !trust.usages.some(usage => usages.includes(usage)))
    return refuse('cert-wrong-usage', { usage: trust.usages.join(' / ') })
  return { ok: true, chain }
}
