import { inArray } from 'drizzle-orm'
import type { SignedMessage } from '@/crypto/cms'
import { checkDetached, checkDetachedApart, type SignatureCheck, type SignatureProblem } from '@/crypto/cms-verify'
import { certificate } from '@/db/schema/platform/identity'
import { Refusal } from '~/shared/refusal'
import { pace } from '../audit/pace.server'
import type { Ctx } from '../ctx'
import { type CertificateRow, certificateFor, type RevocationEvidence, refuseUnreliableRow } from './certificate.server'

const problemText: Record<SignatureProblem, string> = {
  malformed: '签名格式有误',
  'content-differs': '签名的内容与所提交的不同',
  'signature-wrong': '签名值不符',
  'certificate-differs': '签名所指的证书与所附证书不同',
}

export interface SignedInput {
  /** What was signed: bytes, or a text whose UTF-8 bytes were. */
  content: Uint8Array | string
  /** Detached CMS, as DER or base64. */
  cms: Uint8Array | string
  /** Whose certificate it must be. */
  organisationId?: string
  personId?: string
}

export interface Verified {
  fingerprint: string
  organisationId: string | null
  personId: string | null
  /** What was looked up of the certificate's revocation. */
  revocation: RevocationEvidence[]
}

const bytesOf = (input: Uint8Array | string, encoding: 'utf8' | 'base64') =>
  typeof input === 'string' ? new Uint8Array(Buffer.from(input, encoding)) : input

const refusalOf = (problem: SignatureProblem) => new Refusal('bad-signature', { reason: problemText[problem] })

function readSigned({ content, cms }: SignedInput): SignedMessage {
  const check = checkDetached(bytesOf(cms, 'base64'), bytesOf(content, 'utf8'))
  if (!check.ok) throw refusalOf(check.problem)
  return check.message
}

/** The row of the signer's certificate; refuses as verifySigned does, but does not ask whose it is. */
export async function signerOf(ctx: Ctx, input: SignedInput): Promise<CertificateRow & { revocation: RevocationEvidence[] }> {
  const { signer } = readSigned(input)
  const row = await certificateFor(ctx, signer.fingerprint, ctx.now)
  if (row.use === 'encrypt') throw new Refusal('cert-wrong-usage', { usage: '签名' })
  return row
}

/**
 * Checks a detached CMS signature now: the signature itself, the certificate's chain, validity, use and revocation (电子签名法 13), and whose it is.
 * Refuses bad-signature, cert-untrusted, cert-expired, cert-not-yet-valid, cert-revoked, cert-wrong-usage, cert-not-bound.
 */
export async function verifySigned(ctx: Ctx, input: SignedInput): Promise<Verified> {
  return boundTo(input, await signerOf(ctx, input))
}

function boundTo(input: SignedInput, { fingerprint, organisationId, personId, revocation }: Verified): Verified {
  const isOther = (wanted: string | undefined, found: string | null) => wanted !== undefined && wanted !== found
  if (isOther(input.organisationId, organisationId) || isOther(input.personId, personId)) throw new Refusal('cert-not-bound')
  return { fingerprint, organisationId, personId, revocation }
}

type SignerRow = Pick<CertificateRow, 'fingerprint' | 'organisationId' | 'personId' | 'use' | 'revokedAt'>

async function signerRows(ctx: Ctx, fingerprints: string[]): Promise<Map<string, SignerRow>> {
  if (fingerprints.length === 0) return new Map()
  const { fingerprint, organisationId, personId, use, revokedAt } = certificate
  const columns = { fingerprint, organisationId, personId, use, revokedAt }
  const rows = await ctx.db.select(columns).from(certificate).where(inArray(fingerprint, fingerprints))
  return new Map(rows.map(row => [row.fingerprint, row]))
}

async function rely(ctx: Ctx, input: SignedInput, { signer }: SignedMessage, row: SignerRow | undefined): Promise<Verified> {
  if (!row) throw new Refusal('cert-not-bound')
  const revocation = await refuseUnreliableRow(ctx, row, signer, ctx.now)
  if (row.use === 'encrypt') throw new Refusal('cert-wrong-usage', { usage: '签名' })
  return boundTo(input, { ...row, revocation })
}

/** `verifySigned` of many messages: their signers' rows are read at once, and other work of the process has its turns between. */
export async function verifyMany(ctx: Ctx, inputs: SignedInput[]): Promise<(Verified | Refusal)[]> {
  const turn = pace()
  const checks: Promise<SignatureCheck>[] = []
  for (const { content, cms } of inputs) {
    checks.push(checkDetachedApart(bytesOf(cms, 'base64'), bytesOf(content, 'utf8')))
    await turn()
  }
  const checked = await Promise.all(checks)
  const signers = checked.flatMap(one => (one.ok ? [one.message.signer.fingerprint] : []))
  const rows = await signerRows(ctx, [...new Set(signers)])
  const verified: (Verified | Refusal)[] = []
  for (const [i, one] of checked.entries()) {
    const result = one.ok
      ? rely(ctx, inputs[i]!, one.message, rows.get(one.message.signer.fingerprint)).catch(refusalOnly)
      : refusalOf(one.problem)
    verified.push(await result)
    await turn()
  }
  return verified
}

function refusalOnly(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
