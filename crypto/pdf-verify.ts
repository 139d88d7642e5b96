// Checking PAdES signatures: each byte range, each CMS, each time-stamp, and that nothing stands outside the last signature.
import { digestOf } from './algorithm.ts'
import { concat } from './bytes.ts'
import { checkDetached, checkTimeStamp, type SignatureProblem, type TimeStamp } from './cms-verify.ts'
import { readAt } from './der.ts'
import type { Certificate } from './x509.ts'

export type PdfSignature =
  | { ok: true; signer: Certificate; chain: Certificate[]; timeStamp: TimeStamp | null; hasTimeStamp: boolean; end: number }
  | { ok: false; problem: SignatureProblem | 'byte-range'; end: number }

export interface PdfSignatures {
  signatures: PdfSignature[]
  /** Whether the last signature covers the file to its last byte. */
  isWhole: boolean
}

const latin1 = new TextDecoder('latin1')

/** The CMS between the ranges: `<hex>` padded with zeros. */
function contentsOf(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  const text = latin1.decode(bytes.subarray(start, end))
  if (!/^<[0-9a-fA-F]*>$/.test(text) || text.length % 2 !== 0) return null
  const raw = Uint8Array.from({ length: text.length / 2 - 1 }, (_, at) => Number.parseInt(text.slice(2 * at + 1, 2 * at + 3), 16))
  try {
    return readAt(raw, 0).raw
  } catch {
    return null
  }
}

function checkOne(bytes: Uint8Array, [zero, first, second, length]: number[]): PdfSignature {
  const end = (second ?? 0) + (length ?? 0)
  if (zero !== 0 || !first || !second || first >= second || end > bytes.length) return { ok: false, problem: 'byte-range', end }
  const cms = contentsOf(bytes, first, second)
  if (!cms) return { ok: false, problem: 'malformed', end }
  const check = checkDetached(cms, concat(bytes.subarray(0, first), bytes.subarray(second, end)))
  if (!check.ok) return { ok: false, problem: check.problem, end }
  const { signer, certificates, signature, timeStamp } = check.message
  const stamp = timeStamp && checkTimeStamp(timeStamp, digestOf('sha256', signature))
  return { ok: true, signer, chain: certificates, timeStamp: stamp, hasTimeStamp: timeStamp !== null, end }
}

/** Judges every signature of a PDF, oldest first. A file without any has an empty list. Never throws. */
export function checkPdf(bytes: Uint8Array): PdfSignatures {
  const pattern = /\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/g
  const ranges = [...latin1.decode(bytes).matchAll(pattern)].map(match => match.slice(1).map(Number))
  const signatures = ranges
    .slice(0, 100)
    .map(range => checkOne(bytes, range))
    .sort((a, b) => a.end - b.end)
  const last = signatures.at(-1)
  return { signatures, isWhole: last?.ok === true && last.end === bytes.length }
}
