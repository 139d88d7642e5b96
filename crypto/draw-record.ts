// tbid/draw.records@1: what stood behind the commitments of a draw, opened after the result (crypto.md §10.12).
import { unhex } from './bytes.ts'
import { type ExpertRecord, expertLeaf } from './draw.ts'
import type { Finding, TrustedKeys } from './draw-fixed.ts'
import { type DrawTranscript, type Verdict, verifyTranscript } from './draw-transcript.ts'

/** One opened commitment: C = SHA-256(0x00 ‖ "tbid-draw/1 expert\\0" ‖ salt ‖ JCS(record)); salt in hex. */
export type DrawRecord = { c: string; salt: string; record: ExpertRecord }

export type DrawRecords = { t: 'tbid/draw.records@1'; transcript: unknown; records: DrawRecord[]; barred?: [string, string][] }

const sameList = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The record must be what the commitment hides, of somebody contacted, with the codes and region that E named. */
function checkRecord({ c, salt, record }: DrawRecord, { contacted, eligible }: DrawTranscript): Finding[] {
  if (expertLeaf(unhex(salt), record) !== c) return [{ code: 'record', about: c }]
  if (!contacted.some(one => one.c === c)) return [{ code: 'record-stranger', about: c }]
  const row = eligible.find((one): one is [string, { disc: string[]; region: string }] => Array.isArray(one) && one[0] === c)
  const fits = row && 'region' in record && sameList(row[1].disc, record.disc) && row[1].region === record.region
  return fits ? [] : [{ code: 'record-row', about: c }]
}

/** Replays the draw and checks every opened record against its commitment and its row of E. Never throws. */
export function verifyRecords(value: unknown, trusted: TrustedKeys | null): Verdict {
  const { transcript, records } = value as DrawRecords
  const verdict = verifyTranscript(transcript, trusted)
  if (verdict.broken.length > 0) return verdict
  try {
    const broken = records.flatMap(one => checkRecord(one, transcript as DrawTranscript))
    const proven = broken.length > 0 ? [] : [...verdict.proven, { code: 'records', about: String(records.length) }]
    return { ...verdict, broken, proven }
  } catch {
    return { broken: [{ code: 'malformed', about: 'records' }], unproven: [], proven: [] }
  }
}
