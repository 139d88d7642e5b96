import type { LogTimeline, TimelineCheck } from '@/crypto/timeline'
import { roleText } from '~/platform/identity/identity.text'
import { actionText, leafStateText } from './timeline.text'
import { factsText } from './timeline-facts.text'

type Entry = LogTimeline['entries'][number]
type Payload = Entry['payload']

export interface TimelineLine {
  idx: number
  /** ISO 8601; null where the entry says no time of its own (messages of a draw). */
  at: string | null
  text: string
  facts: string[]
  who: string
  /** Whether a cosigned checkpoint covers it. */
  isCovered: boolean
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The payload's type names messages with a schema of their own; every other entry names its action. */
function kindOf(payload: Payload): string {
  if (payload.t === 'tbid/act@1') return textOf(payload.action)
  return isObject(payload.msg) ? textOf(payload.msg.t) : textOf(payload.t)
}

const timeOf = (payload: Payload) => textOf(payload.at) || textOf(payload.closedAt) || null

/** Organisation and role of who acted, as the entry itself names them. */
export function actorOf({ actor }: Payload): { organisation: string; role: string } {
  if (!isObject(actor)) return { organisation: '', role: '' }
  const role = Object.entries(roleText).find(([known]) => known === actor.role)?.[1] ?? ''
  return { organisation: textOf(actor.organisation), role }
}

/** What became of each act on a bid, by leaf index, as the close lists it. */
function leafStates({ entries }: LogTimeline): Map<number, string> {
  const leaves = entries.flatMap(({ payload }) =>
    payload.t === 'tbid/lot.close@1' && Array.isArray(payload.leaves) ? payload.leaves : [],
  )
  return new Map(leaves.flatMap(leaf => (isObject(leaf) ? [[Number(leaf.idx), leafStateText[textOf(leaf.state)] ?? '']] : [])))
}

/**
 * The entries in words, made from the very bytes a check is about. An action without words is shown by its code, never left
 * out. `names` gives organisations by id.
 */
export function linesOf(timeline: LogTimeline, names: Record<string, string>): TimelineLine[] {
  const states = leafStates(timeline)
  return timeline.entries.map(({ idx, payload, proof }) => {
    const kind = kindOf(payload)
    const { organisation, role } = actorOf(payload)
    const state = states.get(idx)
    return {
      idx,
      at: timeOf(payload),
      text: actionText[kind] ?? kind,
      facts: [...(state ? [`截标登记：${state}`] : []), ...factsText(payload)],
      who: [names[organisation] ?? '', role].filter(Boolean).join(' '),
      isCovered: proof !== null,
    }
  })
}

export type LineVerdict = 'holds' | 'broken' | 'waiting' | 'unchecked'

/** What the check in this browser says of one line. A line holds only under a checkpoint that log and witness signed. */
export function verdictOf({ idx, isCovered }: TimelineLine, check: TimelineCheck | null): LineVerdict {
  if (check?.broken.includes(idx)) return 'broken'
  if (!isCovered) return 'waiting'
  return check && isSigned(check) ? 'holds' : 'unchecked'
}

export const isSigned = ({ isLogSigned, witnesses }: TimelineCheck): boolean => isLogSigned === true && witnesses.length > 0
export const isSound = (check: TimelineCheck): boolean => check.broken.length === 0 && isSigned(check)
