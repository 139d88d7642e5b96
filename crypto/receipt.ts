// Receipts of bid statements (tbid/receipt@1, crypto.md §2.4, §10.3, §10.8): built by the platform, checked by whoever holds one. Node and browser.

import { type Anchors, anchorsHash } from './anchors.ts'
import { unbase64, unhex, utf8 } from './bytes.ts'
import { parseSigned, timeStampAdded } from './cms.ts'
import type { Json } from './jcs.ts'
import { messageHash, readMessage } from './messages.ts'
import { logSigned, noteHolds } from './note.ts'
import {
  base64Text,
  type Check,
  type Checked,
  expectShape,
  hex64,
  integer,
  name128,
  nullable,
  oneOf,
  record,
  text,
} from './schema.ts'
import { ledgerLeaf, parseTlogProof, tlogProofHolds } from './tlog.ts'

const object: Check<Record<string, Json>> = (value): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const anyText = text(/^[\s\S]{1,65536}$/)

/** What a bidder gets for a commit (递交回执): whoever trusts the anchors can check it without the platform. */
const receipt = record({
  t: oneOf('tbid/receipt@1'),
  platform: name128,
  lot: name128,
  lotCode: anyText,
  lotName: anyText,
  kind: oneOf('submit', 'confirm'),
  /** SHA-256 of the statement's canonical text. */
  statement: hex64,
  /** When the database's clock saw the commit. */
  at: anyText,
  /** The log's entry: it holds the statement's text, its CMS and the time. */
  payload: object,
  salt: hex64,
  index: integer(0),
  /** c2sp.org/tlog-proof@v1, with the checkpoint. */
  proof: anyText,
  /**
   * CAdES-T: the entry's CMS with an RFC 3161 token over its signature value as unsigned attribute (ETSI EN 319 122-1 §5.3); null until the
   * service has answered.
   */
  cades: nullable(base64Text(1, 131_072)),
  /** RFC 3161 token over SHA-256 of the checkpoint note as the log signed it; null until the service has answered. */
  tsa: nullable(base64Text(1, 65_536)),
  /** SHA-256 of the canonical anchors. */
  anchors: hex64,
})

export type Receipt = Checked<typeof receipt>

/** A receipt from parsed JSON. Throws on any other form. */
export const readReceipt = (value: unknown): Receipt => expectShape(receipt, value, 'receipt')

export type CheckResult = 'holds' | 'broken' | 'unproven'

export interface ReceiptCheck {
  name: 'statement' | 'entry' | 'log-proof' | 'log-signature' | 'signature' | 'signature-time-stamp' | 'time-stamp' | 'anchors'
  result: CheckResult
  /** Chinese, for people. */
  detail: string
}

/** Checks that need certificates: given by Node tools, absent in the browser (its own signature the bidder need not check). */
export interface CertificateChecks {
  signature(cms: Uint8Array, content: Uint8Array, at: Date): { result: CheckResult; detail: string }
  /** Whether a token is over these bytes (a checkpoint note, a signature value) by a time-stamp service of the anchors. */
  timeStamp(token: Uint8Array, stamped: Uint8Array): { result: CheckResult; detail: string }
}

const finding = (name: ReceiptCheck['name'], result: CheckResult, detail: string): ReceiptCheck => ({ name, result, detail })

function attempt(name: ReceiptCheck['name'], good: string, bad: string, holds: () => boolean): ReceiptCheck {
  try {
    return holds() ? finding(name, 'holds', good) : finding(name, 'broken', bad)
  } catch {
    return finding(name, 'broken', bad)
  }
}

/** The statement's text and CMS as the entry holds them. */
function signedPart({ payload }: Receipt): { statement: string; cms: Uint8Array } {
  if (typeof payload.statement !== 'string' || typeof payload.cms !== 'string')
    throw new Error('receipt: no statement in the entry')
  return { statement: payload.statement, cms: unbase64(payload.cms) }
}

function statementFits(given: Receipt): boolean {
  const { statement } = signedPart(given)
  const said = readMessage(given.kind === 'submit' ? 'tbid/submit@1' : 'tbid/confirm@1', statement)
  return messageHash(statement) === given.statement && said.lot === given.lot && said.platform === given.platform
}

const entryFits = ({ payload, kind, at }: Receipt) => payload.t === `tbid/entry.${kind}@1` && payload.at === at

const isInLog = ({ payload, salt, proof, index }: Receipt) => {
  const parsed = parseTlogProof(proof)
  return parsed.index === index && tlogProofHolds(ledgerLeaf(unhex(salt), payload), parsed)
}

function logSignature({ proof }: Receipt, anchors: Anchors | null): ReceiptCheck {
  if (!anchors) return finding('log-signature', 'unproven', '未提供信任锚：检查点由谁签署未核验')
  return attempt('log-signature', '检查点由本平台的日志密钥签署', '检查点不是信任锚中的日志密钥签署的', () =>
    noteHolds(parseTlogProof(proof).checkpoint, anchors.log.vkey),
  )
}

function anchorsFit(given: Receipt, anchors: Anchors | null): ReceiptCheck[] {
  if (!anchors || anchorsHash(anchors) === given.anchors) return []
  // Witnesses and TSAs may join later: another hash is worth knowing, not a break.
  return [finding('anchors', 'unproven', '回执出具时的信任锚与所给的不是同一份：见证方或时间戳证书可能已增减')]
}

function timeStampCheck({ tsa, proof }: Receipt, checks: CertificateChecks | null): ReceiptCheck {
  if (!tsa) return finding('time-stamp', 'unproven', '回执不含时间戳：出具时时间戳服务未答复，可稍后补领')
  if (!checks) return finding('time-stamp', 'unproven', '时间戳须用核验工具核对')
  const note = logSigned(parseTlogProof(proof).checkpoint)
  return finding('time-stamp', ...pair(checks.timeStamp(unbase64(tsa), utf8(note))))
}

const pair = ({ result, detail }: { result: CheckResult; detail: string }): [CheckResult, string] => [result, detail]

function signatureCheck(given: Receipt, checks: CertificateChecks | null): ReceiptCheck {
  if (!checks) return finding('signature', 'unproven', '递交声明上的投标人签名须用核验工具核对')
  const { cms, statement } = signedPart(given)
  return finding('signature', ...pair(checks.signature(cms, utf8(statement), new Date(given.at))))
}

function signatureTimeStampCheck(given: Receipt, checks: CertificateChecks | null): ReceiptCheck {
  const name = 'signature-time-stamp'
  if (!given.cades) return finding(name, 'unproven', '回执不含签名时间戳：出具时时间戳服务未答复，可稍后补领')
  const stamped = unbase64(given.cades)
  const token = timeStampAdded(signedPart(given).cms, stamped)
  if (!token) return finding(name, 'broken', '带时间戳的签名与日志记录中的签名不是同一个')
  if (!checks) return finding(name, 'unproven', '签名时间戳须用核验工具核对')
  return finding(name, ...pair(checks.timeStamp(token, parseSigned(stamped).signature)))
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
    attempt('statement', '递交声明格式规范，与回执所述一致', '递交声明与回执所述不符', () => statementFits(given)),
    attempt('entry', `日志记录的收到时间为 ${given.at}`, '日志记录的种类或时间与回执不符', () => entryFits(given)),
    attempt('log-proof', '该记录已写入日志，证明通向检查点', '日志证明不成立：记录不在检查点之下', () => isInLog(given)),
  ]
  // What does not hang together need not be asked who signed it.
  if (found.some(check => check.result === 'broken')) return found
  return [
    ...found,
    logSignature(given, anchors),
    signatureCheck(given, checks),
    signatureTimeStampCheck(given, checks),
    timeStampCheck(given, checks),
    ...anchorsFit(given, anchors),
  ]
}
