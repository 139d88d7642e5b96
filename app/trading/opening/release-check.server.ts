import { hash } from 'node:crypto'
import { unbase64 } from '@/crypto/bytes'
import type { ReleaseMessage } from '@/crypto/messages'
import { shareCommit } from '@/crypto/seal'
import { nodeSuites } from '@/crypto/suite-node'
import type { KeptStage } from '../bid/kept-stage.server'
import type { OpeningRow } from './event.server'
import { type KnownBid, type KnownHall, stageName } from './known-hall.server'

export type ReleaseProblem =
  | 'unknown-bid'
  | 'not-yours'
  | 'wrong-stage'
  | 'not-passed'
  | 'share-mismatch'
  | 'wrong-length'
  | 'already-open'
export type RefusedPart = { statement: string; part: string; code: ReleaseProblem }
export type ReleaseAnswer = { accepted: { statement: string; part: string }[]; refused: RefusedPart[] }

/** `valueHash`: SHA-256 of the bytes, the evidence that stands in the log; the bytes are random, so it tells nothing of them. */
export type CheckedPart = { bidId: string; stage: string; part: string; value: Uint8Array; statement: string; valueHash: string }

type ReleasedPart = ReleaseMessage['releases'][number]

/** Whether the value is what the header promised: a share by its commitment, the bidder's part by its length alone. */
function valueProblem({ suite: id, commits }: KeptStage, part: string, value: Uint8Array): ReleaseProblem | null {
  const suite = nodeSuites[id]
  if (part === 'b') return value.length === suite.keyBytes ? null : 'wrong-length'
  return commits[Number(part.slice(1))] === shareCommit(suite, value) ? null : 'share-mismatch'
}

/** Of a lot opened in two envelopes (双信封) the second is opened only of the bids that passed the first. */
const mayBeOpened = ({ passedBidIds }: OpeningRow, { id }: KnownBid) => passedBidIds === null || passedBidIds.includes(id)

function problemOf(
  hall: KnownHall,
  row: OpeningRow,
  { org, stage: asked }: ReleaseMessage,
  { statement, part }: ReleasedPart,
  value: Uint8Array,
): ReleaseProblem | null {
  const one = hall.byStatement.get(statement)
  if (!one) return 'unknown-bid'
  const isOwn = part === 'b' ? one.organisationId === org : part === `c${hall.custodians.get(org)}`
  if (!isOwn) return 'not-yours'
  const stage = one.stages.find(kept => kept.stage === asked)
  const isUsed = stage?.release.flat().includes(part === 'b' ? 'b' : 'c')
  if (!stage || !isUsed) return 'wrong-stage'
  if (!mayBeOpened(row, one)) return 'not-passed'
  if (part === 'b' && hall.keys.has(stageName(one.id, asked))) return 'already-open'
  return valueProblem(stage, part, value)
}

/** Judges every part of a release message by itself: a wrong share names its author and does not spoil the others (crypto.md §10.7). */
export function checkParts(
  hall: KnownHall,
  row: OpeningRow,
  message: ReleaseMessage,
): { parts: CheckedPart[]; refused: RefusedPart[] } {
  const parts: CheckedPart[] = []
  const refused: RefusedPart[] = []
  for (const release of message.releases) {
    const { statement, part } = release
    const value = unbase64(release.value)
    const code = problemOf(hall, row, message, release, value)
    if (code) refused.push({ statement, part, code })
    else {
      const { id: bidId } = hall.byStatement.get(statement)!
      parts.push({ bidId, stage: message.stage, part, value, statement, valueHash: hash('sha256', value, 'hex') })
    }
  }
  return { parts, refused }
}
