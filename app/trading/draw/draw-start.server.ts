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
import { type DrawLists, listsOf } from './draw-pool.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { keepMessage } from './draw-store.server'
import { castOf, platformKeys } from './party-agent.server'

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

async function preludeOf(
  ctx: Ctx,
  row: DrawRow,
  lists: DrawLists,
  cast: { parties: PartyKeys[]; witness: string },
): Promise<DrawPrelude> {
  const { project } = await findLot(ctx, row.lotId)
  return {
    ...scopeOf(ctx, row, project.id),
    t: 'tbid/draw.prelude@1',
    kind: row.kind,
    number: row.number,
    pool: { root: lists.root, size: lists.size },
    eligible: { hash: hashOf(lists.eligible), size: lists.eligible.length },
    excluded: { hash: hashOf(lists.excluded), size: lists.excluded.length },
    rules: { hash: hashOf(row.rules), size: Buffer.byteLength(canonical(row.rules)) },
    parties: cast.parties,
    supervisor: 'supervisor',
    log: logVerifierKey(ctx.platform.config, ctx.platform.vault),
    witness: cast.witness,
    revealAfter: row.revealSeconds,
  }
}

/**
 * Begins an approved draw: snapshot, avoidance, feasibility, then the prelude goes into the log. Infeasible draws end here, before any
 * randomness, with what would have to be relaxed. Returns false while a party's agent or the witness is missing.
 */
export const beginDraw = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const row = await lockDraw(ctx, id)
    const cast = await castOf(ctx, row)
    if (row.state !== 'approved' || 'missing' in cast) return { result: false, entry: null }
    const rules = row.rules as DrawRules
    const lists = await listsOf(ctx, row, rules)
    const feasibility = checkFeasible(rules, readEligible(lists.eligible, 2))
    if (!feasibility.feasible) return declareInfeasible(ctx, row, feasibility)
    const prelude = await preludeOf(ctx, row, lists, cast)
    const signed = signMessage(prelude, platformKeys(ctx.platform).sign)
    await keepMessage(ctx, row, signed, 'platform', '')
    const state = next(drawFlow, row.state, 'begin')
    const texts = { eligible: canonical(lists.eligible), excluded: canonical(lists.excluded) }
    await ctx.db
      .update(draw)
      .set({ state, poolRoot: lists.root, ...texts })
      .where(eq(draw.id, id))
    return { result: true, entry: null }
  },
  'draw.begin',
)

/** Ends a draw that cannot seat a panel, with the obstacle on record. */
export async function declareInfeasible(ctx: Ctx, row: DrawRow, obstacle: object) {
  const state = next(drawFlow, row.state, 'find-infeasible')
  await ctx.db.update(draw).set({ state, obstacle }).where(eq(draw.id, row.id))
  return { result: false, entry: { lotId: row.lotId, facts: { draw: row.drawId, infeasible: JSON.stringify(obstacle) } } }
}
