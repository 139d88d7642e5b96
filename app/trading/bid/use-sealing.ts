import { useEffect, useRef, useState } from 'react'
import { type SealAnswer, type SealTask, type SealWorker, sealProblemText, startSealWorker } from './seal-client'

type Prepared = Extract<SealAnswer, { kind: 'prepared' }>
type Committed = Extract<SealAnswer, { kind: 'committed' }>

export type Sealing =
  | { step: 'idle'; problem?: string }
  | { step: 'working'; what: string; done: number; total: number; perSecond: number | null }
  | { step: 'prepared'; prepared: Prepared; problem?: string }
  | { step: 'committing'; prepared: Prepared }
  | { step: 'committed'; committed: Committed }

const working = (what: string): Sealing => ({ step: 'working', what, done: 0, total: 0, perSecond: null })

/** The course of one sealing: prepare, look at what was prepared, commit. Leaving the page forgets what was prepared. */
export function useSealing(): { state: Sealing; start(task: SealTask): void; commit(): void } {
  const [state, setState] = useState<Sealing>({ step: 'idle' })
  const worker = useRef<SealWorker>()
  const since = useRef({ what: '', at: 0 })
  useEffect(() => () => worker.current?.end(), [])
  const hear = (answer: SealAnswer) => setState(before => afterAnswer(before, answer, since.current))
  return {
    state,
    start(task) {
      worker.current?.end()
      worker.current = startSealWorker(hear)
      setState(working('正在打开证书文件'))
      worker.current.post(task)
    },
    commit() {
      setState(before => (before.step === 'prepared' ? { step: 'committing', prepared: before.prepared } : before))
      worker.current?.post({ task: 'commit' })
    },
  }
}

function afterAnswer(before: Sealing, answer: SealAnswer, since: { what: string; at: number }): Sealing {
  if (answer.kind === 'progress') return progressed(answer, since)
  if (answer.kind === 'prepared') return { step: 'prepared', prepared: answer }
  if (answer.kind === 'committed') return { step: 'committed', committed: answer }
  const problem = answer.kind === 'refused' ? answer.text : sealProblemText(answer.problem, answer.file)
  // What was sealed and uploaded stays ready: a refused or lost commit may be tried again.
  return before.step === 'committing' ? { step: 'prepared', prepared: before.prepared, problem } : { step: 'idle', problem }
}

function progressed(
  { what, done, total }: Extract<SealAnswer, { kind: 'progress' }>,
  since: { what: string; at: number },
): Sealing {
  if (since.what !== what) Object.assign(since, { what, at: Date.now() })
  const seconds = (Date.now() - since.at) / 1000
  const mib = (bytes: number) => bytes / 1_048_576
  return {
    step: 'working',
    what,
    done: mib(done),
    total: mib(total),
    perSecond: seconds > 1 && done > 0 ? mib(done) / seconds : null,
  }
}
