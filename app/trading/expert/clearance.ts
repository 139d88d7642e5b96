import type { ClearanceAct, ClearanceState } from '@/db/schema/trading/expert-assessment'
import type { Flow } from '~/shared/flow'
import type { ExpertEvent } from './expert'

/** A clearance is proposed once and decided once, by somebody else; what it did is undone by appeal only. */
export const clearanceFlow: Flow<ClearanceState, 'carry-out' | 'drop'> = {
  proposed: { 'carry-out': 'carried-out', drop: 'dropped' },
  'carried-out': {},
  dropped: {},
}

/** The change of state by which an act is carried out; null: the expert is told, and stays what he is. */
export const eventOfAct: Record<ClearanceAct, Extract<ExpertEvent, 'suspend' | 'remove' | 'ban'> | null> = {
  remind: null,
  retrain: null,
  suspend: 'suspend',
  remove: 'remove',
  ban: 'ban',
}
