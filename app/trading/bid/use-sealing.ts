import { useEffect, useRef, useState } from 'react'
import type { KeptBid } from './kept-bid'
import type { SealTask } from './seal-client'
import { type Course, commitSigned, type Sealing, sendKept, startSealing } from './sealing-course'

export interface SealingControl {
  state: Sealing
  start(task: SealTask): void
  /** Goes on with a kept bid: sends what is missing, commits, checks the receipt. */
  resume(kept: KeptBid): void
  commit(): void
}

/** One bid's course on a page. `onSettled` hears where it stands whenever its workers have nothing more to do. */
export function useSealing(onSettled: (state: Sealing) => void = () => {}): SealingControl {
  const [state, setState] = useState<Sealing>({ step: 'idle' })
  const course = useRef<Course>({ show: setState, settled: onSettled, worker: null, prepared: null, since: null }).current
  course.settled = onSettled
  useEffect(() => () => course.worker?.end(), [course])
  return {
    state,
    start: task => startSealing(course, task),
    resume: kept => sendKept(course, kept.id, null),
    commit: () => {
      if (state.step === 'prepared') commitSigned(course, state.prepared.signed, state.prepared)
    },
  }
}
