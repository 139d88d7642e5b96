import type { ExpertState } from '@/db/schema/trading/expert'
import type { Flow } from '~/shared/flow'

/** Edition of the specialty classification new records are written in: 公共资源交易评标专家专业分类标准 (发改法规〔2018〕316号). */
export const specialtyInForce = '2018-316'

export type ExpertEvent = 'admit' | 'refuse' | 'suspend' | 'restore' | 'remove' | 'leave' | 'ban' | 'reinstate' | 'reapply'

/** The life of an expert in the library (评标专家和评标专家库管理办法). Only active ones can be drawn. */
export const expertFlow: Flow<ExpertState, ExpertEvent> = {
  applying: { admit: 'active', refuse: 'refused' },
  active: { suspend: 'suspended', remove: 'removed', leave: 'left', ban: 'blacklisted' },
  suspended: { restore: 'active', remove: 'removed', leave: 'left', ban: 'blacklisted' },
  // Out of the library for good, unless an appeal is upheld.
  removed: { reinstate: 'active' },
  left: { reapply: 'applying' },
  blacklisted: { reinstate: 'active' },
  refused: { reinstate: 'applying', reapply: 'applying' },
}

/** What one person of the library may do to an expert; entering it goes by application, removal and ban by clearance, coming back by appeal. */
export const keeperEvents = ['suspend', 'restore', 'leave'] as const
export type KeeperEvent = (typeof keeperEvents)[number]

/** Why somebody of the pool is not eligible in a draw (EX-05, EX-06): the code stands in the committed list, never a name. */
export const exclusionReasons = [
  'bidder-unit',
  'tenderer-unit',
  'department',
  'agency-unit',
  'former-employer',
  'declared',
  'listed',
  'not-active',
  'punished',
  'engaged',
  'monthly-cap',
  'on-leave',
  'no-fit',
] as const
export type ExclusionReason = (typeof exclusionReasons)[number]

/** `张*`: what anybody but the notifier may see before the result (EX-10). */
export const maskName = (name: string): string => (name === '' ? '' : `${[...name][0]}${'*'.repeat([...name].length - 1)}`)
