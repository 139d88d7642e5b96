import type { ActKind } from '@/db/schema/trading/opening-act'
import type { Remedy } from '../lot/opening-terms'
import type { Mark } from './edition'

/** Why an opening is interfered with; the first three are nobody's fault among the bidders (《电子招标投标办法》31). */
export const causes = ['platform-outage', 'tool-fault', 'force-majeure', 'supervision-order', 'law', 'document'] as const
export type Cause = (typeof causes)[number]

export type ActRule = {
  /** Who may do it, or propose it where it needs a second person. */
  proposers: readonly ('agency' | 'supervisor')[]
  /** Who must agree before it takes effect; null: it takes effect at once. */
  approver: 'supervisor' | null
  /** Only where the tender document gives this remedy; null: always. */
  remedy: Remedy | null
  causes: readonly Cause[]
  article: string
  mark: Mark
}

const order20 = '《电子招标投标办法》第三十一条'
const faults = ['platform-outage', 'tool-fault', 'force-majeure'] as const

/**
 * Supervised acts in an opening: who, with whose consent, on what ground. Stopping is at once, since it takes nothing from
 * anybody (all times stand still); whatever changes the outcome needs the supervisor's consent. That two persons act is the
 * platform's rule where the law names none [G].
 */
export const actRules: Record<ActKind, ActRule> = {
  adjourn: {
    proposers: ['agency', 'supervisor'],
    approver: null,
    remedy: 'adjourn',
    causes: [...faults, 'supervision-order'],
    article: order20,
    mark: 'G',
  },
  resume: {
    proposers: ['agency', 'supervisor'],
    approver: null,
    remedy: null,
    causes: [...faults, 'supervision-order', 'document'],
    article: order20,
    mark: 'G',
  },
  abort: {
    proposers: ['agency'],
    approver: 'supervisor',
    remedy: null,
    causes: ['force-majeure', 'supervision-order', 'law'],
    article: '《招标投标法实施条例》第三十一条',
    mark: 'V-c',
  },
  extend: { proposers: ['agency'], approver: 'supervisor', remedy: 'extend', causes: faults, article: order20, mark: 'G' },
  restart: { proposers: ['agency'], approver: 'supervisor', remedy: 'restart', causes: faults, article: order20, mark: 'G' },
  // The bidder hands it in and its hash is checked at once; whether it stands for the bid is for host and supervisor.
  twin: { proposers: ['agency'], approver: 'supervisor', remedy: 'twin', causes: ['document'], article: order20, mark: 'V-c' },
  'second-envelope': {
    proposers: ['agency'],
    approver: 'supervisor',
    remedy: null,
    causes: ['document'],
    article: '招标文件关于双信封开标的约定',
    mark: 'G',
  },
  destroy: {
    proposers: ['agency'],
    approver: 'supervisor',
    remedy: null,
    causes: ['law'],
    article: '《招标投标法》第二十八条：投标人少于三个的，不予开标',
    mark: 'G',
  },
}

/** At most this much is added to a release window in all. Seconds. */
export const mostExtraSeconds = 86_400
