import type { FormReply } from '~/shared/form-reply'
import { ActPanel, DecisionPanel } from './ActPanel'
import { AnswerPanel } from './AnswerPanel'
import { HolderPanel } from './HolderPanel'
import { HostPanel, SupervisorPanel } from './HostPanel'
import type { Hall } from './hall'
import type { Seat } from './seat.read.server'

type Supervising = Extract<Seat, { role: 'host' | 'supervisor' }>

function Desk({ seat, hall, reply }: { seat: Supervising; hall: Hall; reply: FormReply | undefined }) {
  return (
    <>
      {seat.role === 'host' ? <HostPanel seat={seat} reply={reply} /> : <SupervisorPanel seat={seat} reply={reply} />}
      {seat.role === 'supervisor' ? <DecisionPanel hall={hall} reply={reply} /> : null}
      <ActPanel hall={hall} isHost={seat.role === 'host'} reply={reply} />
    </>
  )
}

type SeatProps = { seat: Seat; lotId: string; lotName: string; hall: Hall; reply: FormReply | undefined; onDone: () => void }

/** What this seat may do now. */
export function SeatPanel({ seat, lotId, lotName, hall, reply, onDone }: SeatProps) {
  if (seat.role === 'host' || seat.role === 'supervisor') return <Desk seat={seat} hall={hall} reply={reply} />
  if (seat.role === 'public') return null
  if (seat.role === 'bidder' && seat.answer) return <AnswerPanel scope={seat.answer} isAwaited={seat.isAwaited} onDone={onDone} />
  return <HolderPanel seat={seat} lotId={lotId} lotName={lotName} hall={hall} onDone={onDone} />
}
