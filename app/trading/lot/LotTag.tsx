import type { LotState } from '@/db/schema/trading/project'
import { Tag, type Tone } from '~/ui/Tag'
import { lotStateText } from './lot.text'

const tones: Record<LotState, Tone> = {
  draft: 'quiet',
  keying: 'warn',
  ready: 'warn',
  bidding: 'active',
  closed: 'active',
  opening: 'active',
  opened: 'active',
  evaluating: 'active',
  evaluated: 'active',
  publicity: 'active',
  awarded: 'done',
  archived: 'done',
  failed: 'bad',
  terminated: 'bad',
}

/** The state of a lot, in the one vocabulary of the platform. */
export function LotTag({ state }: { state: LotState }) {
  return <Tag tone={tones[state]}>{lotStateText[state]}</Tag>
}
