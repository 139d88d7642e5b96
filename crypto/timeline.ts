// A lot's log entries with their proofs under one checkpoint (tbid/timeline@1): what the supervisor's page checks. Node and browser.
import type { Anchors } from './anchors.ts'
import { unhex } from './bytes.ts'
import type { Json } from './jcs.ts'
import { verifyInclusion } from './merkle.ts'
import { noteHolds, readCheckpoint } from './note.ts'
import { type Check, type Checked, expectShape, hex64, integer, list, name128, nullable, oneOf, record, text } from './schema.ts'
import { ledgerLeaf } from './tlog.ts'

const object: Check<Record<string, Json>> = (value): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const entry = record({
  idx: integer(0),
  salt: hex64,
  payload: object,
  /** Null while no cosigned checkpoint covers the entry. */
  proof: nullable(list(hex64, 0, 64)),
})

const timeline = record({
  t: oneOf('tbid/timeline@1'),
  platform: name128,
  lot: name128,
  checkpoint: nullable(text(/^[\s\S]{1,65536}$/)),
  entries: list(entry, 0, 100_000),
})

export type LogTimeline = Checked<typeof timeline>

export interface TimelineCheck {
  proven: number
  waiting: number
  /** Indexes whose proof does not hold, or that stand out of order. */
  broken: number[]
  /** Leaves under the checkpoint; null while there is none. */
  size: number | null
  /** Whether the log's key of the anchors signed the checkpoint; null without anchors. */
  isLogSigned: boolean | null
  /** Witnesses of the anchors whose cosignature holds. */
  witnesses: string[]
}

/** Reads a timeline from parsed JSON. Throws on any other form. */
export const readTimeline = (value: unknown): LogTimeline => expectShape(timeline, value, 'timeline')

/** Checks every entry against the checkpoint, and the checkpoint against the anchors. Throws where it is no timeline. */
export function checkTimeline(value: unknown, anchors: Anchors | null): TimelineCheck {
  const { checkpoint, entries } = readTimeline(value)
  const found: TimelineCheck = { proven: 0, waiting: 0, broken: [], size: null, isLogSigned: null, witnesses: [] }
  const tree = checkpoint === null ? null : readCheckpoint(checkpoint)
  for (const [at, { idx, salt, payload, proof }] of entries.entries()) {
    const isOrdered = at === 0 || entries[at - 1]!.idx < idx
    const holds = () =>
      tree !== null &&
      proof !== null &&
      verifyInclusion({
        index: idx,
        size: tree.size,
        leaf: ledgerLeaf(unhex(salt), payload),
        proof: proof.map(unhex),
        root: unhex(tree.root),
      })
    if (!isOrdered || (proof !== null && !holds())) found.broken.push(idx)
    else if (proof === null) found.waiting++
    else found.proven++
  }
  if (checkpoint === null || tree === null) return found
  const witnesses = (anchors?.witnesses ?? []).filter(({ vkey }) => noteHolds(checkpoint, vkey)).map(({ name }) => name)
  return { ...found, size: tree.size, isLogSigned: anchors && noteHolds(checkpoint, anchors.log.vkey), witnesses }
}
