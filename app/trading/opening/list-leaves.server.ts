import { hash, randomUUID } from 'node:crypto'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import { type ClosedLeaf, lotRootOf, messageHash, messageText } from '@/crypto/messages'
import { nodeSuites } from '@/crypto/suite-node'
import { packed, packedTexts } from '@/db/packed'
import { opening } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { appendMany } from '~/platform/log/append.server'
import { readCheckpoint } from '~/platform/log/read.server'
import type { SealedAct } from '../bid/sealed-act.server'
import { forgetActs, listSealedActs } from '../bid/sealed-index.server'
import { inBatches } from './batch.server'
import { type Counted, countStatements, type Statement } from './count'
import type { OpeningRow } from './event.server'
import { type Hall, lockHalls, moveMany } from './move-many.server'
import { keepRefused, keepUnfinished, markOpened } from './refused.server'

type Submitted = Statement & { act: SealedAct & { kind: 'submit' }; leaf: string }

/** Statements of a lot, each with its leaf; a confirmation makes the statement it names current again. */
function statementsOf(acts: SealedAct[], termsVersion: number): Submitted[] {
  const confirmed = new Set(
    acts.flatMap(act => (act.kind === 'confirm' && act.termsVersion === termsVersion ? [act.statementHash] : [])),
  )
  return acts.flatMap(act => {
    if (act.kind !== 'submit') return []
    const { organisationId, seq, leafIdx, leaf } = act
    const isWithdrawal = act.stages.length === 0
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

const bidOf = ({ lotId, round }: OpeningRow, { statement: s, state }: Counted<Submitted>) => ({
  id: randomUUID(),
  lotId,
  round,
  organisationId: s.organisationId,
  seq: s.seq,
  state,
  reason: state === 'refused' ? 'not-confirmed' : null,
  act: s.act,
  leafIdx: s.leafIdx,
})

type NewBid = ReturnType<typeof bidOf>

/** Opens boxes into rows: from here on a lot's bids are known by organisation (crypto.md §10.2). */
async function insertBids(ctx: Ctx, bids: NewBid[]): Promise<void> {
  const of = <T>(value: (bid: NewBid) => T) => sql.param(bids.map(value))
  const cms = packed(bids.map(bid => bid.act.cms))
  const statements = packedTexts(bids.map(bid => bid.act.statement))
  const stages = packedTexts(bids.map(bid => JSON.stringify(bid.act.stages)))
  await ctx.db.execute(sql`
    insert into bid (id, lot_id, round, organisation_id, seq, state, fault_party, reason, statement, statement_hash, cms,
      leaf_idx, stages, committed_at)
    select n.id, n.lot, n.round, n.org, n.seq, n.state, case when n.reason is null then null else 'bidder' end, n.reason,
      convert_from(substr(${statements.bytes}::bytea, n.ts, n.tz), 'UTF8'), n.hash, substr(${cms.bytes}::bytea, n.cs, n.cz), n.idx,
      convert_from(substr(${stages.bytes}::bytea, n.gs, n.gz), 'UTF8'), n.at
    from unnest(${of(b => b.id)}::uuid[], ${of(b => b.lotId)}::uuid[], ${of(b => b.round)}::int[],
      ${of(b => b.organisationId)}::uuid[], ${of(b => b.seq)}::int[], ${of(b => b.state)}::text[], ${of(b => b.reason)}::text[],
      ${sql.param(statements.starts)}::int[], ${sql.param(statements.sizes)}::int[],
      ${of(b => hash('sha256', b.act.statement))}::text[], ${sql.param(cms.starts)}::int[], ${sql.param(cms.sizes)}::int[],
      ${of(b => b.leafIdx)}::bigint[], ${sql.param(stages.starts)}::int[], ${sql.param(stages.sizes)}::int[],
      ${of(b => b.act.at.toISOString())}::timestamptz[])
      as n(id, lot, round, org, seq, state, reason, ts, tz, hash, cs, cz, idx, gs, gz, at)`)
  await insertFiles(ctx, bids)
}

async function insertFiles(ctx: Ctx, bids: NewBid[]): Promise<void> {
  const files = bids.flatMap(({ id: bidId, act }) =>
    act.stages.flatMap(({ stage, files: kept }) => kept.map(file => ({ id: randomUUID(), bidId, stage, ...file }))),
  )
  if (files.length === 0) return
  const of = <T>(value: (file: (typeof files)[number]) => T) => sql.param(files.map(value))
  await ctx.db.execute(sql`
    insert into bid_file (id, bid_id, file_id, role, stage, size, root, upload_id)
    select * from unnest(${of(f => f.id)}::uuid[], ${of(f => f.bidId)}::uuid[], ${of(f => f.fileId)}::text[],
      ${of(f => f.role)}::text[], ${of(f => f.stage)}::text[], ${of(f => f.size)}::bigint[], ${of(f => f.root)}::text[],
      ${of(f => f.uploadId)}::uuid[])`)
}

type Listed = Hall & { acts: SealedAct[]; bids: NewBid[]; leaves: ClosedLeaf[] }

function listed({ found, row }: Hall, acts: SealedAct[]): Listed {
  const counted = countStatements(statementsOf(acts, found.lot.termsVersion))
  return { found, row, acts, bids: counted.map(one => bidOf(row, one)), leaves: leavesOf(counted, acts) }
}

function closePayload(ctx: Ctx, { found: { lot, project }, row, leaves }: Listed, root: Uint8Array): Record<string, Json> {
  const size = row.deadlineSize!
  if (leaves.some(leaf => leaf.idx >= size)) throw new Error('a leaf of a closed lot lies outside its deadline checkpoint')
  return {
    t: 'tbid/lot.close@1',
    platform: ctx.platform.config.platformId,
    project: project.id,
    lot: lot.id,
    round: row.round,
    closedAt: lot.closedAt!.toISOString(),
    checkpoint: { size, root: Buffer.from(root).toString('hex') },
    leaves,
    lotRoot: lotRootOf(leaves, nodeSuites.intl.hash),
    counted: leaves.filter(leaf => leaf.state === 'counted').length,
  }
}

async function closePayloads(ctx: Ctx, all: Listed[]): Promise<Record<string, Json>[]> {
  const roots = new Map<number, Uint8Array>()
  for (const size of new Set(all.map(({ row }) => row.deadlineSize!))) roots.set(size, (await readCheckpoint(ctx, size)).root)
  return all.map(one => closePayload(ctx, one, roots.get(one.row.deadlineSize!)!))
}

/** Writes `lot.close` of many lots, and moves their openings on. */
async function writeCloses(ctx: Ctx, all: Listed[]): Promise<void> {
  const payloads = await closePayloads(ctx, all)
  const entries = all.map(({ found }, i) => ({ lotId: found.lot.id, payload: payloads[i]! }))
  const appended = await appendMany(ctx, 'lot.close', entries)
  await moveMany(
    ctx,
    all.map(({ found: { lot }, row }, i) => {
      const facts = { deadline: lot.biddingEndsAt!.toISOString(), closedAt: lot.closedAt!.toISOString() }
      const closePayload = messageText(payloads[i] as never)
      return {
        row,
        events: ['list-leaves'],
        changes: { closePayload, closeEntryId: appended[i]!.entryId },
        says: [['closed', facts]],
      }
    }),
  )
}

/**
 * Opens the boxes of closed lots and writes `lot.close`: every leaf of a lot as counted, replaced, withdrawn or void, all below
 * the deadline checkpoint (crypto.md §10.1, §10.6). Nothing is decrypted.
 */
const listLeaves = command(
  'opening.host',
  async (ctx, acts: Map<string, SealedAct[]>) => {
    const halls = [...(await lockHalls(ctx, [...acts.keys()])).values()]
    const due = halls.filter(({ row }) => row.phase === 'closing' && row.deadlineSize !== null)
    const all = due.map(hall => listed(hall, acts.get(hall.found.lot.id) ?? []))
    const bids = all.flatMap(one => one.bids)
    if (bids.length > 0) await insertBids(ctx, bids)
    for (const { row, acts: own } of all) {
      await keepRefused(ctx, row, own)
      await keepUnfinished(ctx, row, own)
    }
    await markOpened(
      ctx,
      all.flatMap(one => one.acts),
    )
    await writeCloses(ctx, all)
    return { result: null, entry: null }
  },
  'lot.close',
)

/** Lists the leaves of every lot that has its deadline checkpoint, many in one transaction; one that fails does not stop the others. */
export async function listAllLeaves(ctx: Ctx): Promise<void> {
  const ready = and(eq(opening.phase, 'closing'), isNotNull(opening.deadlineSize))
  const rows = await ctx.db.select({ lotId: opening.lotId }).from(opening).where(ready)
  if (rows.length === 0) return
  const lotIds = rows.map(row => row.lotId)
  const acts = await listSealedActs(ctx, lotIds)
  await inBatches(ctx, lotIds, ids => listLeaves(ctx, new Map(ids.map(id => [id, acts.get(id) ?? []]))))
  forgetActs(ctx, acts)
}
