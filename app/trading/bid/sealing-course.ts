// The course of one bid in this browser: sealed and signed by one worker, then sent and committed by another.
import { roleTextOf } from './bid.text'
import { type DeliverAnswer, startDeliverWorker } from './deliver-client'
import { type SealAnswer, type SealTask, sealProblemText, startSealWorker } from './seal-client'

export type Prepared = Extract<SealAnswer, { kind: 'prepared' }>
type Committed = Extract<DeliverAnswer, { kind: 'committed' }>

/** Sealing uses this machine alone and ends with the page; sending may be left and gone on with. */
export type Phase = 'sealing' | 'sending'

export type Sealing =
  | { step: 'idle'; problem?: string }
  | { step: 'working'; phase: Phase; what: string; done: number; total: number; perSecond: number | null }
  | { step: 'prepared'; prepared: Prepared; problem?: string }
  | { step: 'committing'; prepared: Prepared | null }
  | { step: 'committed'; committed: Committed }

export interface Course {
  show(state: Sealing): void
  /** Hears where it stands whenever the workers have nothing more to do. */
  settled(state: Sealing): void
  worker: { end(): void } | null
  prepared: Prepared | null
  /** Where the measured stretch of work began: speed is of this stretch, not of what was sent another day. */
  since: { at: number; done: number } | null
}

const mib = (bytes: number) => bytes / 1_048_576
const working = (phase: Phase, what: string): Sealing => ({ step: 'working', phase, what, done: 0, total: 0, perSecond: null })

function settle(course: Course, state: Sealing): void {
  course.show(state)
  course.settled(state)
}

function progressed(course: Course, phase: Phase, { what, done, total }: Extract<SealAnswer, { kind: 'progress' }>): void {
  course.since ??= { at: Date.now(), done }
  const seconds = (Date.now() - course.since.at) / 1000
  const stretch = done - course.since.done
  const perSecond = seconds > 1 && stretch > 0 ? mib(stretch) / seconds : null
  course.show({ step: 'working', phase, what: roleTextOf(what), done: mib(done), total: mib(total), perSecond })
}

function failedOf(answer: SealAnswer | DeliverAnswer, prepared: Prepared | null): Sealing {
  const told = answer.kind === 'failed' ? sealProblemText(answer) : sealProblemText({ problem: 'fault' })
  const problem = answer.kind === 'refused' ? answer.text : told
  return prepared ? { step: 'prepared', prepared, problem } : { step: 'idle', problem }
}

/** Ends whatever worker there is first: with the one that sealed go the stage's keys and the bidder's. */
function replace<W extends { end(): void }>(course: Course, worker: W): W {
  course.worker?.end()
  course.since = null
  course.worker = worker
  return worker
}

/** Commits what is signed; a refused or lost commit may be tried again. */
export function commitSigned(course: Course, signed: Prepared['signed'], prepared: Prepared | null): void {
  course.show({ step: 'committing', prepared })
  const hear = (answer: DeliverAnswer) =>
    settle(course, answer.kind === 'committed' ? { step: 'committed', committed: answer } : failedOf(answer, prepared))
  replace(course, startDeliverWorker(hear)).post({ task: 'commit', signed })
}

/** Sends what a kept bid still lacks. With `prepared` a person looks at it before it is committed; without, it is committed at once. */
export function sendKept(course: Course, keptId: string, prepared: Prepared | null): void {
  course.show(working('sending', '正在查询已上传的字节'))
  const hear = (answer: DeliverAnswer) => {
    if (answer.kind === 'progress') progressed(course, 'sending', answer)
    else if (answer.kind !== 'sent') settle(course, failedOf(answer, null))
    else if (prepared) settle(course, { step: 'prepared', prepared })
    else commitSigned(course, answer.signed, null)
  }
  replace(course, startDeliverWorker(hear)).post({ task: 'send', keptId })
}

/** Seals and signs; what has files is then sent. */
export function startSealing(course: Course, task: SealTask): void {
  course.show(working('sealing', '正在打开密钥'))
  const hear = (answer: SealAnswer) => {
    if (answer.kind === 'progress') return progressed(course, 'sealing', answer)
    if (answer.kind !== 'prepared') return settle(course, failedOf(answer, null))
    course.prepared = answer
    if (answer.signed.keptId) sendKept(course, answer.signed.keptId, answer)
    else settle(course, { step: 'prepared', prepared: answer })
  }
  replace(course, startSealWorker(hear)).post(task)
}
