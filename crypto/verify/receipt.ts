// The outsider's check of a receipt (tbid/receipt@1).
import { type CheckResult, verifyReceipt } from '../receipt.ts'
import { exitCodeOf, type Finding, isBroken } from './finding.ts'
import { type Belief, signatureFindings, timeStampFinding } from './trust.ts'

const resultOf = (findings: Finding[]): { result: CheckResult; detail: string } => {
  const detail = findings.map(({ text }) => text).join('；')
  if (isBroken(findings)) return { result: 'broken', detail }
  return { result: exitCodeOf(findings) === 0 ? 'holds' : 'unproven', detail }
}

/** Judges a receipt with certificates and time-stamp. Never throws. */
export function verifyReceiptFile(value: unknown, belief: Belief): Finding[] {
  const checks = {
    signature: (cms: Uint8Array, content: Uint8Array, at: Date) =>
      resultOf(signatureFindings('signature', '递交声明', cms, content, at, belief)),
    timeStamp: (token: Uint8Array, stamped: Uint8Array) => resultOf([timeStampFinding('time-stamp', token, stamped, belief)]),
  }
  return verifyReceipt(value, belief.anchors, checks).map(({ name, result, detail }) => ({
    code: name,
    // A receipt without a token, or issued under earlier anchors, is worth knowing and no doubt about its issuer.
    result: result === 'unproven' && (name === 'anchors' || detail.startsWith('回执不含')) ? 'noted' : result,
    text: detail,
  }))
}
