/** One line of `npm run chaos`: one opening or draw, and what was done to the site while it ran. */
export interface Case {
  chaos: string
  case: number
  /** 'kills', or the name of the fault. */
  fault: string
  mode: string
  /** What fell into its time: who, when in ms from the deadline, how long it stayed away, in which phase. */
  kills: Strike[]
  phase: string
  /** From the deadline to the published record. */
  seconds: number
  ok: boolean
  problems: string[]
}

export interface Strike {
  what: string
  atMs: number
  downMs: number
  phase: string
}
