/** One line of `npm run chaos`. */
export interface Case {
  chaos: string
  case: number
  mode: string
  kill: string
  /** When, in ms from the deadline, and how long it stayed away. */
  atMs: number
  downMs: number
  phase: string
  /** From the deadline to the published record. */
  seconds: number
  ok: boolean
  problems: string[]
}
