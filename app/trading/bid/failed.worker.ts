import { KeyError } from '@/crypto/keyprovider'
import type { SealFailure, SealProblem } from './seal-client'

/** What a worker could not do, by name; the page has the sentence. */
export class Failed extends Error {
  override name = 'Failed'
  constructor(
    readonly problem: SealProblem,
    readonly facts: { file?: string; room?: { needed: number; free: number } } = {},
  ) {
    super(problem)
  }
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === 'QuotaExceededError'

/** How a worker tells the page what went wrong. */
export function failureOf(error: unknown): SealFailure {
  if (error instanceof Failed) return { kind: 'failed', problem: error.problem, ...error.facts }
  if (error instanceof KeyError) return { kind: 'failed', problem: error.problem, left: error.left }
  return { kind: 'failed', problem: isFull(error) ? 'no-room' : 'fault' }
}
