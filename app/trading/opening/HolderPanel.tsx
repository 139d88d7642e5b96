import { Alert } from '~/ui/Notice'
import { OwnPlace } from './HallPeople'
import type { Hall } from './hall'
import { ReleasePanel } from './ReleasePanel'
import type { Seat } from './seat.read.server'
import { TwinPanel } from './TwinPanel'

type HolderPanelProps = {
  seat: Extract<Seat, { role: 'bidder' | 'custodian' }>
  lotId: string
  lotName: string
  hall: Hall
  onDone: () => void
}

/** What holders of keys do in the hall: give them out, or, where that cannot be, hand in the twin (补录) of their own bid. */
export function HolderPanel({ seat, hall, ...lot }: HolderPanelProps) {
  return (
    <>
      {seat.mayRelease || seat.hasReleased ? (
        <ReleasePanel {...seat} {...lot} envelope={hall.envelope} key={hall.envelope} />
      ) : seat.role === 'bidder' ? (
        <OwnPlace no={seat.no} hall={hall} />
      ) : null}
      {seat.role === 'bidder' && hall.twins.includes(seat.no) ? (
        <Alert kind="done">已补录，与截标前承诺的摘要一致。由主持人提请、监督部门决定后唱标。</Alert>
      ) : seat.role === 'bidder' && seat.twin ? (
        <TwinPanel {...seat.twin} {...lot} isOpen={hall.phase === 'reading'} />
      ) : null}
    </>
  )
}
