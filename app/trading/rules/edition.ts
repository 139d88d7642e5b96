/** How sure we are of a rule: V the text of the law was read; V-c a transcription; S practice; G general knowledge, to be confirmed. */
export type Mark = 'V' | 'V-c' | 'S' | 'G'

export const tradeKinds = ['works', 'gp-goods', 'gp-services'] as const
export type TradeKind = (typeof tradeKinds)[number]

export const tradeMethods = ['open-tender', 'invited-tender'] as const
export type TradeMethod = (typeof tradeMethods)[number]

/** Which body of law judges the project: 招标投标法 (tender) or 政府采购法 (procurement). */
export type RuleSet = 'tender' | 'procurement'

/** Every instant a limit may name. */
export const dateNames = [
  'prequalificationFrom',
  'prequalificationTo',
  'applicationEndsAt',
  'prequalificationClarifiedAt',
  'noticeFrom',
  'noticeTo',
  'documentFrom',
  'documentTo',
  'clarifiedAt',
  'biddingEndsAt',
  'opensAt',
  'reportReceivedAt',
  'publicityFrom',
  'publicityTo',
  'awardedAt',
  'contractSignedAt',
  'depositReturnedAt',
  'failedAt',
  'ciphertextDestroyedAt',
] as const
export type DateName = (typeof dateNames)[number]
export type Dates = Partial<Record<DateName, Date>>

/** Calendar days (日), working days (工作日), or seconds (演练 only). */
export type LimitUnit = 'CAL' | 'WORK' | 'SECOND'

/** One limit of the law: `subject` lies at least (or at most) `value` units AFTER (or BEFORE) `anchor`. */
export type Limit = {
  id: string
  name: string
  subject: DateName
  anchor: DateName
  direction: 'AFTER' | 'BEFORE'
  bound: 'AT_LEAST' | 'AT_MOST'
  value: number
  unit: LimitUnit
  /** Law article, as cited to people. */
  article: string
  mark: Mark
  /** What can be done when the limit is broken. */
  remedy: string
}

export type CommitteeRule = {
  minimumSize: number
  /** From this budget on, or when complex, the larger minimum holds (财政部令第87号 47). Null: no such rule. */
  largeFromFen: bigint | null
  largeSize: number
  /** Water works: at least seven (CTS-EBS01-2016, B-022 [S]). Null: no such rule. */
  waterSize: number | null
  waterArticle: string
  waterMark: Mark
  /** Sectors whose projects are water works. */
  waterSectors: readonly string[]
  /** The employer's member may not chair (财政部令第87号 45). */
  employerMayChair: boolean
  /** Whoever was punished for breaking the law in tendering may not sit (tender-rules EX-05). */
  formerlyPunished: { article: string; mark: Mark }
  article: string
  largeArticle: string
  mark: Mark
}

export type MoneyRule = {
  /** Bid deposit cap in percent of the estimated price or budget, and its absolute cap. */
  depositPercent: number
  depositCapFen: bigint | null
  depositForms: readonly string[]
  depositArticle: string
  performancePercent: number
  performanceArticle: string
  /** A ceiling is published or its calculation is; a floor price is never allowed. */
  ceilingArticle: string
  aboveCeilingArticle: string
}

/** When experts are drawn and reminded (tender-rules EX-04). */
export type DrawRule = {
  /** The draw begins at most this long before the evaluation: the fewer hours people know, the fewer can be reached by others. */
  earliestBefore: { value: number; unit: 'HOUR' | 'WORK' }
  /** What lets a panel be drawn before the close, to be checked against the bidders after it (tender-rules EX-03). Null: nothing does. */
  beforeClose: { article: string; mark: Mark } | null
  /** Who accepted is reminded this long before the evaluation. */
  remindBeforeSeconds: number
  article: string
  mark: Mark
}

/** Seconds of an opening's last steps. The law sets no length for "on the spot" (当场), so these are our settings. */
export type OpeningPeriods = {
  /** To raise an objection at the opening (《招标投标法实施条例》第四十四条). */
  objectionSeconds: number
  /** To confirm the record; who says nothing is recorded as silent. */
  confirmationSeconds: number
  /** To sign the record itself, host, bidders who answered and supervisor; it is published with the signatures it has then. */
  signingSeconds: number
  /** To hand in twin files (补录) after the last key came or was missed, where the tender document gives that remedy (《电子招标投标办法》第三十一条) [G]. */
  twinSeconds: number
  /** After that, for host and supervisor to decide on what was handed in [G]. */
  twinDecisionSeconds: number
}

/** The rules a project is judged by, pinned when it starts. Data, so that a new edition is a new row and never a changed one. */
export type RuleEdition = {
  id: string
  kind: TradeKind
  method: TradeMethod
  version: string
  effectiveFrom: string
  name: string
  ruleSet: RuleSet
  basis: readonly string[]
  /** Trust anchors accepted for certificates and papers. */
  anchors: 'production' | 'sandbox'
  /** What every page and paper of such a project says; null outside the sandbox. */
  watermark: string | null
  tradeClasses: readonly string[]
  /** Dates without which a notice cannot be published. */
  required: readonly DateName[]
  limits: readonly Limit[]
  minimumBidders: number
  maximumCandidates: number
  /** The least share of the price in 综合评分法 (财政部令第87号 55: goods 30, services 10); 0 where the law sets none. */
  minimumPricePercent: number
  committee: CommitteeRule
  draw: DrawRule
  money: MoneyRule
  opening: OpeningPeriods
  /** Bids that could be opened fell below the minimum although enough were submitted; the law is silent [G]. */
  onDecryptedBelowMinimum: 'STOP' | 'CONTINUE_BY_DOCUMENT'
}
