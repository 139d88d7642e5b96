import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { unbase64 } from '@/crypto/bytes'
import type { ReleaseMessage } from '@/crypto/messages'
import { shareCommit } from '@/crypto/seal'
import { lotCustodian } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { type CountedBid, listCounted } from './count.server'
import type { OpeningRow } from './event.server'
import { listUnlocked, type Part, readStages, type Stage } from './stage.server'

export type ReleaseProblem = 'unknown-bid' | 'not-yours' | 'wrong-stage' | 'share-mismatch' | 'wrong-length' | 'already-open'
export type RefusedPart = { statement: string; part: string; code: ReleaseProblem }
/** `valueHash`: SHA-256 of the bytes, the evidence that stands in the log; the bytes are random, so it tells nothing of them. */
export type CheckedPart = Part & { statement: string; valueHash: string }

type Facts = {
  organisationId: string
  /** This organisation's place among the custodians, in header order. */
  custodianIdx: number | null
  bids: Map<string, CountedBid>
  stages: Map<string, Stage>
  unlocked: Set<string>
}

async function custodianIdx(ctx: Ctx, row: OpeningRow, organisationId: string): Promise<number | null> {
  const own = and(
    eq(lotCustodian.lotId, row.lotId),
    eq(lotCustodian.round, row.round),
    eq(lotCustodian.organisationId, organisationId),
  )
  const [found] = await ctx.db.select({ idx: lotCustodian.idx }).from(lotCustodian).where(own)
  return found?.idx ?? null
}

async function factsOf(ctx: Ctx, row: OpeningRow, message: ReleaseMessage): Promise<Facts> {
  const wanted = new Set(message.releases.map(r => r.statement))
  const bids = (await listCounted(ctx, row)).filter(b => wanted.has(b.bid.statementHash))
  const ids = bids.map(b => b.bid.id)
  const stages = (await readStages(ctx, ids)).filter(s => s.stage === message.stage)
  return {
    organisationId: message.org,
    custodianIdx: await custodianIdx(ctx, row, message.org),
    bids: new Map(bids.map(b => [b.bid.statementHash, b])),
    stages: new Map(stages.map(s => [s.bidId, s])),
    unlocked: await listUnlocked(ctx, ids),
  }
}

/** Whether the value is what the header promised: a share by its commitment, the bidder's part by its length alone. */
function valueProblem({ heads }: Stage, part: string, value: Uint8Array): ReleaseProblem | null {
  const { header, suite } = heads[0]!
  if (part === 'b') return value.length === suite.keyBytes ? null : 'wrong-length'
  const dealt = header.parts.c?.shares[Number(part.slice(1))]
  return dealt && shareCommit(suite, value) === dealt.commit ? null : 'share-mismatch'
}

function problemOf(
  facts: Facts,
  { statement, part }: ReleaseMessage['releases'][number],
  value: Uint8Array,
): ReleaseProblem | null {
  const one = facts.bids.get(statement)
  if (!one) return 'unknown-bid'
  const isOwn = part === 'b' ? one.bid.organisationId === facts.organisationId : part === `c${facts.custodianIdx}`
  if (!isOwn) return 'not-yours'
  const stage = facts.stages.get(one.bid.id)
  const names = stage?.heads[0]?.header.parts
  if (!stage || stage.isDamaged || (part === 'b' ? !names?.b : !names?.c)) return 'wrong-stage'
  if (part === 'b' && facts.unlocked.has(one.bid.id)) return 'already-open'
  return valueProblem(stage, part, value)
}

/** Judges every part of a release message by itself: a wrong share names its author and does not spoil the others (crypto.md §10.7). */
export async function checkParts(
  ctx: Ctx,
  row: OpeningRow,
  message: ReleaseMessage,
): Promise<{ parts: CheckedPart[]; refused: RefusedPart[] }> {
  const facts = await factsOf(ctx, row, message)
  const parts: CheckedPart[] = []
  const refused: RefusedPart[] = []
  for (const release of message.releases) {
    const { statement, part } = release
    const value = unbase64(release.value)
    const code = problemOf(facts, release, value)
    if (code) refused.push({ statement, part, code })
    else {
      const valueHash = createHash('sha256').update(value).digest('hex')
      parts.push({ bidId: facts.bids.get(statement)!.bid.id, stage: message.stage, part, value, statement, valueHash })
    }
  }
  return { parts, refused }
}
