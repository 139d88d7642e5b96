// What a paper (文书) consists of: pure, so that pages can show what a PDF will say.

/** A column's width is a share of the line; figures stand right. */
export interface Column {
  head: string
  share: number
  isFigure?: boolean
}

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'facts'; rows: [label: string, value: string][] }
  | { kind: 'table'; caption: string; columns: Column[]; rows: string[][] }

export interface PaperContent {
  /** Its kind in words: 开标记录, 评标报告, 中标通知书 … */
  title: string
  /** Number of the paper or of its lot. */
  number: string
  issuer: string
  at: Date
  /** SHA-256 of the record the paper states, hex; absent for papers that state none. */
  recordHash?: string
  /** SHA-256 of the trust anchors by which it can be checked (crypto.md §10.14). */
  anchorsHash?: string
  /** Where its record stands; printed as text and QR. */
  verifyUrl?: string
  isSandbox: boolean
  blocks: Block[]
}
