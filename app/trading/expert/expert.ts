import type { ExpertState } from '@/db/schema/trading/expert'
import type { Flow } from '~/shared/flow'

export type ExpertEvent = 'admit' | 'suspend' | 'restore' | 'remove' | 'leave' | 'ban'

/** The life of an expert in the library (评标专家和评标专家库管理办法). Only active ones can be drawn. */
export const expertFlow: Flow<ExpertState, ExpertEvent> = {
  applying: { admit: 'active', remove: 'removed' },
  active: { suspend: 'suspended', remove: 'removed', leave: 'left', ban: 'blacklisted' },
  suspended: { restore: 'active', remove: 'removed', leave: 'left', ban: 'blacklisted' },
  removed: {},
  left: {},
  blacklisted: {},
}

/** Why somebody of the pool is not eligible in a draw (EX-05, EX-06): the code stands in the committed list, never a name. */
export const exclusionReasons = [
  'bidder-unit',
  'tenderer-unit',
  'department',
  'agency-unit',
  'declared',
  'listed',
  'not-active',
  'engaged',
  'no-fit',
] as const
export type ExclusionReason = (typeof exclusionReasons)[number]

/** `张*`: what anybody but the notifier may see before the result (EX-10). */
export const maskName = (name: string): string => (name === '' ? '' : `${[...name][0]}${'*'.repeat([...name].length - 1)}`)
