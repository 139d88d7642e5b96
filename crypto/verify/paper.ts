// The outsider's check of a signed paper (PDF): every signature, its signer, its time-stamp, and that nothing follows the last one.

import { digestOf } from '../algorithm.ts'
import { checkTimeStamp } from '../cms-verify.ts'
import { checkPdf, type PdfSignature } from '../pdfsign.ts'
import { broken, type Finding, holds, judge } from './finding.ts'
import { type Belief, certificateFindings, timeStampFinding } from './trust.ts'

function signatureFindings(
  { ok, signer, signature, timeStamp, problem }: PdfSignature,
  no: number,
  belief: Belief,
  now: Date,
): Finding[] {
  if (!ok || !signer || !signature) return [broken('pdf-signature', `第 ${no} 个签名不成立：${problem ?? ''}`)]
  const stamp = timeStamp && checkTimeStamp(timeStamp, digestOf('sha256', signature))
  return [
    holds('pdf-signature', `第 ${no} 个签名与文书内容相符`),
    ...certificateFindings('pdf-signer', signer, [], stamp?.at ?? now, belief),
    timeStampFinding('pdf-time-stamp', timeStamp, signature, belief),
  ]
}

/** Judges a signed PDF. `now` stands for the signing time where no time-stamp says it. Never throws. */
export function verifyPaper(pdf: Uint8Array, belief: Belief, now: Date): Finding[] {
  const signatures = checkPdf(pdf)
  if (signatures.length === 0) return [broken('pdf-unsigned', '文书没有任何签名')]
  const last = signatures.at(-1)!
  return [
    ...signatures.flatMap((signature, i) => signatureFindings(signature, i + 1, belief, now)),
    judge('pdf-whole', '最后一个签名覆盖全文', '最后一个签名之后又添加了内容', () => last.coversFile),
  ]
}
