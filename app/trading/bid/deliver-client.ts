// What a page asks of the delivering worker: it sends what is sealed and signed, commits it and checks the receipt. It holds no key.
import type { SealFailure, Signed } from './seal-client'

export type DeliverTask = { task: 'send'; keptId: string } | { task: 'commit'; signed: Signed }

export type DeliverAnswer =
  | { kind: 'progress'; what: string; done: number; total: number }
  | { kind: 'sent'; signed: Signed }
  | { kind: 'committed'; receipt: Record<string, unknown>; isProven: boolean }
  | SealFailure
  /** The platform said no: its own sentence. */
  | { kind: 'refused'; code: string; text: string }

export interface DeliverWorker {
  post(task: DeliverTask): void
  end(): void
}

/** Starts the delivering worker; `onAnswer` hears everything it says. */
export function startDeliverWorker(onAnswer: (answer: DeliverAnswer) => void): DeliverWorker {
  const worker = new Worker(new URL('./deliver.worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<DeliverAnswer>) => onAnswer(data)
  worker.onerror = () => onAnswer({ kind: 'failed', problem: 'fault' })
  return { post: task => worker.postMessage(task), end: () => worker.terminate() }
}
