// Receipts of bid statements (tbid/receipt@1, crypto.md §2.4, §10.3, §10.8): built by the platform, checked by whoever holds one. Node and browser.

import { digestOf } from './algorithm.ts'
import { type Anchors, anchorsHash } from './anchors.ts'
import { base64, hex, unbase64, unhex, utf8 } from './bytes.ts'
import type { Json } from './jcs.ts'
import { parseCanonicalText } from './jcs.ts'
import { messageHash } from './messages.ts'
import { noteHolds } from './note.ts'
import { base64Text, type Check, type Checked, expectShape, hex64, nullable, oneOf, record, text } from './schema.ts'
import { formatTlogProof, ledgerLeaf, parseTlogProof, tlogProofHolds } from './tlog.ts'

const object: Check<Record<string, Json>> = (value): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const anyText = text(/^[\s\S]{1,65536}$/)

const receipt = record({
  t: oneOf('tbid/receipt@1'),
  /** Canonical text of the signed statement, and its detached CMS. */
  statement: anyText,
  cms: base64Text(1, 65_536),
  /** The log's entry: salt and payload give the leaf, the proof its place. */
  salt: hex64,
  payload: object,
  proof: anyText,
  /** RFC 3161 token over SHA-256 of the checkpoint note; null where the time-stamping service did not answer (it may come later). */
  tsa: nullable(base64Text(1, 65_536)),
  anchorsHash: hex64,
})

export type Receipt = Checked<typeof receipt>

/** A receipt from parsed JSON. Throws on any other form. */
export const readReceipt = (value: unknown): Receipt => expectShape(receipt, value, 'receipt')

/** What the log entry of a statement says about it: `payload.facts` holds these two, lower-case hex SHA-256. */
export const statementFacts = (statement: string, cms: Uint8Array): { statement: string; cms: string } => ({
  statement: messageHash(statement),
  cms: hex(digestOf('sha256', cms)),
})

export interface ReceiptParts {
  statement: string
  cms: Uint8Array
  salt: Uint8Array
  payload: Record<string, Json>
  index: number
  inclusion: Uint8Array[]
  checkpoint: string
  tsa: Uint8Array | null
  anchors: Anchors
}

/** Puts a receipt together. Throws if the proof does not lead to the checkpoint: a wrong receipt must never leave the platform. */
export function receiptOf(parts: ReceiptParts): Receipt {
  const proof = formatTlogProof({ index: parts.index, proof: parts.inclusion, checkpoint: parts.checkpoint })
  if (!tlogProofHolds(ledgerLeaf(parts.salt, parts.payload), parseTlogProof(proof)))
    throw new Error('receipt: the proof does not hold')
  return {
    t: 'tbid/receipt@1',
    statement: parts.statement,
    cms: base64(parts.cms),
    salt: hex(parts.salt),
    payload: parts.payload,
    proof,
    tsa: parts.tsa && base64(parts.tsa),
    anchorsHash: anchorsHash(parts.anchors),
  }
}

export type CheckResult = 'holds' | 'broken' | 'unproven'

export interface ReceiptCheck {
  name: 'statement' | 'entry' | 'log-proof' | 'log-signature' | 'signature' | 'time-stamp' | 'anchors'
  result: CheckResult
  /** Chinese, for people. */
  detail: string
}

/** Checks that need certificates: given by Node tools, absent in the browser (its own signature the bidder need not check). */
export interface CertificateChecks {
  signature(cms: Uint8Array, content: Uint8Array): { result: CheckResult; detail: string }
  timeStamp(token: Uint8Array, digest: Uint8Array): { result: CheckResult; detail: string }
}

const finding = (name: ReceiptCheck['name'], result: CheckResult, detail: string): ReceiptCheck => ({ name, result, detail })

function attempt(name: ReceiptCheck['name'], good: string, bad: string, holds: () => boolean): ReceiptCheck {
  try {
    return holds() ? finding(name, 'holds', good) : finding(name, 'broken', bad)
  } catch {
    return finding(name, 'broken', bad)
  }
}

function factsOf(payload: Record<string, Json>): { statement: Json | undefined; cms: Json | undefined } {
  const facts = payload.facts
  return object(facts) ? { statement: facts.statement, cms: facts.cms } : { statement: undefined, cms: undefined }
}

function entryFits({ payload, statement, cms }: Receipt): boolean {
  const [said, expected] = [factsOf(payload), statementFacts(statement, unbase64(cms))]
  return said.statement === expected.statement && said.cms === expected.cms
}

function logSignature({ proof }: Receipt, anchors: Anchors | null): ReceiptCheck {
  if (!anchors) return finding('log-signature', 'unproven', '未提供信任锚：检查点由谁签署未核验')
  return attempt('log-signature', '检查点由本平台的日志密钥签署', '检查点不是信任锚中的日志密钥签署的', () =>
    noteHolds(parseTlogProof(proof).checkpoint, anchors.log.vkey),
  )
}

function anchorsFit(given: Receipt, anchors: Anchors | null): ReceiptCheck[] {
  if (!anchors || anchorsHash(anchors) === given.anchorsHash) return []
  // Witnesses and TSAs may join later: another hash is worth knowing, not a break.
  return [finding('anchors', 'unproven', '回执出具时的信任锚与所给的不是同一份：见证方或时间戳证书可能已增减')]
}

function timeStampCheck({ tsa, proof }: Receipt, checks: CertificateChecks | null): ReceiptCheck {
  if (!tsa) return finding('time-stamp', 'unproven', '回执不含时间戳：出具时时间戳服务未答复，可稍后补领')
  if (!checks) return finding('time-stamp', 'unproven', '时间戳须用核验工具核对')
  const digest = digestOf('sha256', utf8(parseTlogProof(proof).checkpoint))
  return finding('time-stamp', ...pair(checks.timeStamp(unbase64(tsa), digest)))
}

const pair = ({ result, detail }: { result: CheckResult; detail: string }): [CheckResult, string] => [result, detail]

function signatureCheck({ cms, statement }: Receipt, checks: CertificateChecks | null): ReceiptCheck {
  if (!checks) return finding('signature', 'unproven', '递交声明上的投标人签名须用核验工具核对')
  return finding('signature', ...pair(checks.signature(unbase64(cms), utf8(statement))))
}

/** Judges a receipt: one finding per check. A wrong form is one broken finding; never throws. */
export function verifyReceipt(value: unknown, anchors: Anchors | null, checks: CertificateChecks | null = null): ReceiptCheck[] {
  let given: Receipt
  try {
    given = readReceipt(value)
  } catch {
    return [finding('statement', 'broken', '文件格式不符：不是 tbid/receipt@1 回执')]
  }
  const found = [
    attempt('statement', '递交声明为规范格式', '递交声明不是规范格式', () => parseCanonicalText(given.statement) !== null),
    attempt('entry', '日志记录的正是这份声明及其签名', '日志记录的不是这份声明或签名', () => entryFits(given)),
    attempt('log-proof', '该记录已写入日志，证明通向检查点', '日志证明不成立：记录不在检查点之下', () =>
      tlogProofHolds(ledgerLeaf(unhex(given.salt), given.payload), parseTlogProof(given.proof)),
    ),
    logSignature(given, anchors),
    signatureCheck(given, checks),
  ]
  const readable = found.every(check => check.name !== 'log-proof' || check.result === 'holds')
  return [...found, ...(readable ? [timeStampCheck(given, checks)] : []), ...anchorsFit(given, anchors)]
}
