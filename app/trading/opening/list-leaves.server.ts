import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { type ClosedLeaf, lotRootOf, messageHash, messageText, readMessage } from '@/crypto/messages'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { opening } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { readCheckpoint } from '~/platform/log/read.server'
import { listSealedActs, type SealedAct } from '../bid/sealed-act.server'
import type { FoundLot } from '../lot/find-lot.server'
import { type Counted, countStatements, type Statement } from './count'
import { moveOpening, type OpeningRow, postpone, say } from './event.server'
import { lockHall } from './hall.server'
import { keepRefused, markOpened } from './refused.server'

type Submitted = Statement & { act: SealedAct & { kind: 'submit' }; leaf: string }

/** Statements of a lot, each with its leaf; a confirmation makes the statement it names current again. */
function statementsOf(acts: SealedAct[], termsVersion: number): Submitted[] {
  const confirmed = new Set(
    acts.flatMap(act => (act.kind === 'confirm' && act.termsVersion === termsVersion ? [act.statementHash] : [])),
  )
  return acts.flatMap(act => {
    if (act.kind !== 'submit') return []
    const { organisationId, seq, leafIdx, leaf } = act
    const isWithdrawal = readMessage('tbid/submit@1', act.statement).files.length === 0
    const isUpToDate = act.termsVersion === termsVersion || confirmed.has(messageHash(act.statement))
    return [{ organisationId, seq, isWithdrawal, leafIdx, isUpToDate, act, leaf }]
  })
}

const leafStates = { locked: 'counted', replaced: 'replaced', 'withdrawn-before': 'withdrawn', refused: 'void' } as const

function leavesOf(counted: Counted<Submitted>[], acts: SealedAct[]): ClosedLeaf[] {
  const statements = counted.map(({ statement, state, by }): ClosedLeaf => {
    const leaf = { idx: statement.leafIdx, leaf: statement.leaf, state: leafStates[state] }
    return state === 'replaced' && by !== null ? { ...leaf, by } : leaf
  })
  const confirmations = acts.flatMap((act): ClosedLeaf[] =>
    act.kind === 'confirm' ? [{ idx: act.leafIdx, leaf: act.leaf, state: 'confirmation' }] : [],
  )
  return [...statements, ...confirmations].sort((a, b) => a.idx - b.idx)
}

const bidOf = ({ lotId, round }: OpeningRow, { statement: s, state }: Counted<Submitted>): typeof bid.$inferInsert => ({
  id: randomUUID(),
  lotId,
  round,
  organisationId: s.organisationId,
  seq: s.seq,
  state,
  statement: s.act.statement,
  statementHash: messageHash(s.act.statement),
  cms: s.act.cms,
  leafIdx: s.leafIdx,
  committedAt: s.act.at,
  ...(state === 'refused' ? { faultParty: 'bidder', reason: 'not-confirmed' } : {}),
})

function filesOf(bidId: string, { act }: Submitted): (typeof bidFile.$inferInsert)[] {
  const { files } = readMessage('tbid/submit@1', act.statement)
  return files.map(({ fileId, role, stage, size, root }) => {
    const uploadId = act.uploads[fileId]
    if (!uploadId) throw new Error('a committed file has no upload')
    return { id: randomUUID(), bidId, fileId, role, stage, size, root, uploadId }
  })
}

/** Opens the boxes into rows: from here on the lot's bids are known by organisation (crypto.md §10.2). */
async function insertBids(ctx: Ctx, row: OpeningRow, counted: Counted<Submitted>[]): Promise<void> {
  for (const one of counted) {
    const made = bidOf(row, one)
    await ctx.db.insert(bid).values(made)
    const files = filesOf(made.id, one.statement)
    if (files.length > 0) await ctx.db.insert(bidFile).values(files)
  }
}

async function closePayload(ctx: Ctx, { lot, project }: FoundLot, row: OpeningRow, leaves: ClosedLeaf[]): Promise<string> {
  const size = row.deadlineSize!
  const { root } = await readCheckpoint(ctx, size)
  if (leaves.some(leaf => leaf.idx >= size)) throw new Error('a leaf of a closed lot lies outside its deadline checkpoint')
  return messageText({
    t: 'tbid/lot.close@1',
    platform: ctx.platform.config.platformId,
    project: project.id,
    lot: lot.id,
    round: row.round,
    closedAt: lot.closedAt!.toISOString(),
    checkpoint: { size, root: Buffer.from(root).toString('hex') },
    leaves,
    lotRoot: lotRootOf(leaves),
    counted: leaves.filter(leaf => leaf.state === 'counted').length,
  })
}

/**
 * Opens a closed lot's boxes and writes `lot.close`: every leaf of the lot as counted, replaced, withdrawn or void, all below
 * the deadline checkpoint (crypto.md §10.1, §10.6). Nothing is decrypted.
 */
const listLeaves = command(
  'opening.host',
  async (ctx, { lotId, acts }: { lotId: string; acts: SealedAct[] }) => {
    const { found, row } = await lockHall(ctx, lotId)
    if (row.phase !== 'closing' || row.deadlineSize === null) return { result: null, entry: null }
    const counted = countStatements(statementsOf(acts, found.lot.termsVersion))
    await insertBids(ctx, row, counted)
    await keepRefused(ctx, row, acts)
    const payload = await closePayload(ctx, found, row, leavesOf(counted, acts))
    const { entryId } = await append(ctx, 'lot.close', { lotId, payload: JSON.parse(payload) })
    await markOpened(ctx, acts)
    await moveOpening(ctx, row, 'list-leaves', { closePayload: payload, closeEntryId: entryId })
    const { biddingEndsAt, closedAt } = found.lot
    await say(ctx, row, ['closed', { deadline: biddingEndsAt!.toISOString(), closedAt: closedAt!.toISOString() }])
    return { result: null, entry: null }
  },
  'lot.close',
)

/** Lists the leaves of every lot that has its deadline checkpoint; one that fails does not stop the others. */
export async function listAllLeaves(ctx: Ctx): Promise<void> {
  const rows = await ctx.db.select({ lotId: opening.lotId }).from(opening).where(eq(opening.phase, 'closing'))
  if (rows.length === 0) return
  const lotIds = rows.map(row => row.lotId)
  const acts = await listSealedActs(ctx, lotIds)
  for (const lotId of lotIds) {
    await listLeaves(ctx, { lotId, acts: acts.get(lotId) ?? [] }).catch((error: unknown) => postpone(ctx, lotId, error))
  }
}
