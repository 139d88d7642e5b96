import type { LotState } from '@/db/schema/trading/project'
import { PhaseStrip, type Step } from '~/ui/Steps'
import { lotPhases, phaseOf } from './lot'
import { lotPhaseText, lotStateText } from './lot.text'

const isOver = (state: LotState) => state === 'failed' || state === 'terminated'

/** Where the lot stands between preparation and archive. A lot that failed says so where it stopped. */
export function LotPhases({ state }: { state: LotState }) {
  const now = lotPhases.indexOf(phaseOf(state))
  const phases = lotPhases.map((phase, i): Step => {
    if (i === now && isOver(state)) return { text: lotPhaseText[phase], state: 'failed', note: lotStateText[state] }
    if (i === now)
      return { text: lotPhaseText[phase], state: state === 'archived' ? 'done' : 'current', note: lotStateText[state] }
    return {
      text: lotPhaseText[phase],
      state: i < now && !isOver(state) ? 'done' : 'waiting',
      ...(isOver(state) ? { note: '—' } : {}),
    }
  })
  return <PhaseStrip phases={phases} label="标段阶段" />
}
