/** Remedies (补救方案) a tender document may give for bids that could not be opened (《电子招标投标办法》31; tender-rules 1.7). */
export const remedies = ['twin', 'restart', 'extend', 'adjourn'] as const
export type Remedy = (typeof remedies)[number]

/** A parameter drawn at the opening (下浮率, K, 公式号): the values the tender document names, in its order. */
export type DrawnParameter = { code: string; name: string; values: string[] }

/** What the tender document says of the opening, frozen with it. Seconds. */
export type OpeningTerms = {
  /** How long before the deadline one may sign in (签到). */
  signInSeconds: number
  /** 2: 双信封, technical files first, prices later and only of those who passed. */
  envelopes: 1 | 2
  remedies: Remedy[]
  parameters: DrawnParameter[]
}

/** A document that is silent: what the platform itself broke may be made good, and nothing else. */
const silent: OpeningTerms = { signInSeconds: 3_600, envelopes: 1, remedies: ['restart', 'extend', 'adjourn'], parameters: [] }

/** The terms of a stored lot: they passed `openingTermsSchema` on their way in; what a lot does not say is the default. */
export const openingTermsOf = (lot: { openingTerms: unknown }): OpeningTerms => ({ ...silent, ...(lot.openingTerms as object) })
