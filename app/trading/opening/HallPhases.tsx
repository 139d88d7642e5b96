import { PhaseStrip, type Step } from '~/ui/Steps'
import type { Hall } from './hall'
import { shownPhaseOf, shownPhases } from './opening'
import { shownPhaseText } from './opening.text'

/** Where the opening stands. */
export function HallPhases({ hall }: { hall: Hall }) {
  const at = hall.phase ? shownPhases.indexOf(shownPhaseOf(hall.phase)) : -1
  const isAborted = hall.phase === 'aborted'
  const current = isAborted && hall.bids.length > 0 ? shownPhases.indexOf('reading') : at
  const stateOf = (i: number): Step['state'] => {
    if (hall.phase === 'recorded' || hall.phase === 'intermission' || i < current) return 'done'
    if (i > current) return 'waiting'
    return isAborted ? 'failed' : 'current'
  }
  const phases = shownPhases.map((phase, i): Step => ({ text: shownPhaseText[phase], state: stateOf(i) }))
  return <PhaseStrip phases={phases} label="开标进程" />
}
