import type { AppealState } from '@/db/schema/trading/expert-record'
import type { Flow } from '~/shared/flow'

/** An appeal is decided once. */
export const appealFlow: Flow<AppealState, 'uphold' | 'dismiss'> = {
  filed: { uphold: 'upheld', dismiss: 'dismissed' },
  upheld: {},
  dismissed: {},
}
