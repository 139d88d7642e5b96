import type { EvaluationResult } from './evaluation'

export type ReportOutcome = { ok: true } | { ok: false; stage: 'responsive' | 'all-rejected'; article: string; todo: string }

/** What tbid/evaluation.report@1 says; kept as JCS, its SHA-256 is what every member signs. */
export type ReportContent = {
  t: 'tbid/evaluation.report@1'
  platform: string
  project: string
  lot: string
  round: number
  method: string
  committee: { code: string; seat: string }[]
  /** Members' findings and points, by expert number: a name stands only in the sealed paper. */
  sheets: { expert: string; compliance: string[][]; scores: string[][] }[]
  result: EvaluationResult
  outcome: ReportOutcome
  madeAt: string
}

/** The report behind the text that was hashed. */
export const parseReport = (text: string): ReportContent => JSON.parse(text) as ReportContent
