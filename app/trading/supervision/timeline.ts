import type { LogTimeline } from '@/crypto/timeline'
import { actionText } from './timeline.text'

export interface TimelineLine {
  idx: number
  /** ISO 8601; null where the entry says no time of its own (messages of a draw). */
  at: string | null
  text: string
  who: string
  /** Whether a cosigned checkpoint covers it. */
  isCovered: boolean
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The payload's type names messages with a schema of their own; every other entry names its action. */
function kindOf(payload: Record<string, unknown>): string {
  if (payload.t === 'tbid/act@1') return textOf(payload.action)
  const signed = payload.msg
  if (typeof signed === 'object' && signed !== null && 't' in signed) return textOf(signed.t)
  return textOf(payload.t)
}

const timeOf = (payload: Record<string, unknown>) => textOf(payload.at) || textOf(payload.closedAt) || null

/** One entry in words. An action without words is shown by its code, never left out. */
export function lineOf({ idx, payload, proof }: LogTimeline['entries'][number], who: string): TimelineLine {
  const kind = kindOf(payload)
  return { idx, at: timeOf(payload), text: actionText[kind] ?? kind, who, isCovered: proof !== null }
}
