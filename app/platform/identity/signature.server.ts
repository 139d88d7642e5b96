import type { SignedMessage } from '@/crypto/cms'
import { checkDetached, type SignatureProblem } from '@/crypto/cms-verify'
import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'
import { type CertificateRow, certificateFor } from './certificate.server'

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
}

const bytesOf = (input: Uint8Array | string, encoding: 'utf8' | 'base64') =>
  typeof input === 'string' ? new Uint8Array(Buffer.from(input, encoding)) : input

function readSigned({ content, cms }: SignedInput): SignedMessage {
  const check = checkDetached(bytesOf(cms, 'base64'), bytesOf(content, 'utf8'))
  if (!check.ok) throw new Refusal('bad-signature', { reason: problemText[check.problem] })
  return check.message
}

/** The row of the signer's certificate; refuses as verifySigned does, but does not ask whose it is. */
export async function signerOf(ctx: Ctx, input: SignedInput): Promise<CertificateRow> {
  const { signer } = readSigned(input)
  const row = await certificateFor(ctx, signer.fingerprint, ctx.now)
  if (row.use !== 'sign') throw new Refusal('cert-wrong-usage', { usage: '签名' })
  return row
}

/**
 * Checks a detached CMS signature now: the signature itself, the certificate's chain, validity, use and revocation (电子签名法 13), and whose it is.
 * Refuses bad-signature, cert-untrusted, cert-expired, cert-not-yet-valid, cert-revoked, cert-wrong-usage, cert-not-bound.
 */
export async function verifySigned(ctx: Ctx, input: SignedInput): Promise<Verified> {
  const { fingerprint, organisationId, personId } = await signerOf(ctx, input)
  const isOther = (wanted: string | undefined, found: string | null) => wanted !== undefined && wanted !== found
  if (isOther(input.organisationId, organisationId) || isOther(input.personId, personId)) throw new Refusal('cert-not-bound')
  return { fingerprint, organisationId, personId }
}
