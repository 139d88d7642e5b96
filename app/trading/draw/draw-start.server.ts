import { hash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { hashOf } from '@/crypto/draw'
import { checkFeasible } from '@/crypto/draw-feasible'
import { type DrawPrelude, type DrawScope, type PartyKeys, signMessage } from '@/crypto/draw-message'
import { readEligible } from '@/crypto/draw-rules'
import { canonical } from '@/crypto/jcs'
import { draw } from '@/db/schema/trading/draw'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { logVerifierKey } from '~/platform/log/checkpoint.server'
import { next } from '~/shared/flow'
import { findLot } from '../lot/find-lot.server'
import { type DrawRules, drawFlow } from './draw'
import { type DrawLists, excludedDigest, isUpToDate, keepLists, listsOf } from './draw-lists.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { keepMessage } from './draw-store.server'
import { castOf, platformKeys } from './party-agent.server'
import { newestPool, takeSnapshot } from './pool-snapshot.server'

/** What every message of a draw says of where it belongs (crypto.md §10.6). */
export const scopeOf = (ctx: Ctx, row: DrawRow, projectId: string): DrawScope => ({
  platform: ctx.platform.config.platformId,
  project: projectId,
  lot: row.lotId,
  round: row.round,
  drawId: row.drawId,
})

/** The states of a lot in which its bidders are known to the server, so that avoidance can run (EX-07). */
export const drawableLots = ['opening', 'opened'] as const

type Given = { pool: { root: string; size: number }; lists: DrawLists; eligibleText: string }
type Cast = { parties: PartyKeys[]; witness: string }

async function preludeOf(ctx: Ctx, row: DrawRow, { pool, lists, eligibleText }: Given, cast: Cast): Promise<DrawPrelude> {
  const { project } = await findLot(ctx, row.lotId)
  return {
    ...scopeOf(ctx, row, project.id),
    t: 'tbid/draw.prelude@1',
    kind: row.kind,
    number: row.number,
    pool: { root: pool.root, size: pool.size },
    eligible: { hash: hash('sha256', eligibleText), size: lists.eligible.length },
    excluded: await excludedDigest(ctx, pool.root, lists),
    rules: { hash: hashOf(row.rules), size: Buffer.byteLength(canonical(row.rules)) },
    parties: cast.parties,
    supervisor: 'supervisor',
    log: logVerifierKey(ctx.platform.config, ctx.platform.vault),
    witness: cast.witness,
    revealAfter: row.revealSeconds,
  }
}

/** What came of trying to begin; `stale`: the library has changed since the newest snapshot, a new one is needed first. */
type Begun = 'begun' | 'waits' | 'stale' | 'infeasible'

const tryBegin = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const row = await lockDraw(ctx, id)
    const cast = await castOf(ctx, row)
    if (row.state !== 'approved' || 'missing' in cast) return { result: 'waits' as Begun, entry: null }
    const rules = row.rules as DrawRules
    const pool = await newestPool(ctx)
    const lists = await listsOf(ctx, row, rules)
    if (!pool || !(await isUpToDate(ctx, pool.root, lists))) return { result: 'stale' as Begun, entry: null }
    const feasibility = checkFeasible(rules, readEligible(lists.eligible, 2))
    if (!feasibility.feasible) return { ...(await declareInfeasible(ctx, row, feasibility)), result: 'infeasible' as Begun }
    const eligibleText = await keepLists(ctx, id, lists)
    const prelude = await preludeOf(ctx, row, { pool, lists, eligibleText }, cast)
    await keepMessage(ctx, row, signMessage(prelude, platformKeys(ctx.platform).sign), 'platform', '')
    const state = next(drawFlow, row.state, 'begin')
    await ctx.db.update(draw).set({ state, poolRoot: pool.root }).where(eq(draw.id, id))
    return { result: 'begun' as Begun, entry: null }
  },
  'draw.begin',
)

/**
 * Begins an approved draw: snapshot, avoidance, feasibility, then the prelude goes into the log. Infeasible draws end here, before any
 * randomness, with what would have to be relaxed. Returns false while a party's agent or the witness is missing.
 */
export async function beginDraw(ctx: Ctx, { id }: { id: string }): Promise<boolean> {
  const newest = await newestPool(ctx)
  const first = await tryBegin(ctx, { id })
  if (first !== 'stale') return first === 'begun'
  await takeSnapshot(ctx, newest?.createdAt ?? null)
  return (await tryBegin(ctx, { id })) === 'begun'
}

/** Ends a draw that cannot seat a panel, with the obstacle on record. */
export async function declareInfeasible(ctx: Ctx, row: DrawRow, obstacle: object) {
  const state = next(drawFlow, row.state, 'find-infeasible')
  await ctx.db.update(draw).set({ state, obstacle }).where(eq(draw.id, row.id))
  return { result: false, entry: { lotId: row.lotId, facts: { draw: row.drawId, infeasible: JSON.stringify(obstacle) } } }
}
