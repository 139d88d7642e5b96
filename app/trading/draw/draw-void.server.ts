import { eq } from 'drizzle-orm'
import { signMessage } from '@/crypto/draw-message'
import { draw } from '@/db/schema/trading/draw'
import { command, type Outcome } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { next } from '~/shared/flow'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { drawFlow } from './draw'
import { releaseDraw } from './draw-booking.server'
import { tellReleased } from './draw-end.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { keepMessage } from './draw-store.server'
import { platformKeys } from './party-agent.server'

/**
 * Ends a draw with a reason, by two different persons: one of the agency asks, one of the supervisor confirms, or the other way round.
 * The voided transcript is kept (crypto.md §10.9).
 */
export const voidDraw = command(
  'draw.void',
  async (ctx, { id, reason }: { id: string; reason: string }) => {
    const row = await lockDraw(ctx, id)
    const actor = personOf(ctx)
    const mayAct = actor.organisationId === row.requestedBy || actor.organisationId === row.approvedBy
    refuseUnless(mayAct, 'not-found')
    const state = next(drawFlow, row.state, 'void')
    if (row.voidAskedBy === actor.personId) throw new Refusal('two-person-rule')
    if (row.voidAskedBy) return confirmVoid(ctx, { ...row, state }, [row.voidAskedBy, actor.personId])
    await ctx.db.update(draw).set({ voidAskedBy: actor.personId, voidReason: reason }).where(eq(draw.id, id))
    return {
      result: { state: row.state },
      entry: { lotId: row.lotId, facts: { draw: row.drawId, reason, by: [actor.personId] } },
    }
  },
  'draw.void',
)

/** The second person's word ends the draw; the platform signs what both decided, as the log's last word on it. Who was called is told. */
async function confirmVoid(ctx: Ctx, row: DrawRow, by: string[]): Promise<Outcome<{ state: DrawRow['state'] }>> {
  const { project } = await findLot(ctx, row.lotId)
  const scope = {
    platform: ctx.platform.config.platformId,
    project: project.id,
    lot: row.lotId,
    round: row.round,
    drawId: row.drawId,
  }
  const msg = { ...scope, t: 'tbid/draw.void@1' as const, reason: row.voidReason ?? '', by }
  await keepMessage(ctx, row, signMessage(msg, platformKeys(ctx.platform).sign), 'platform', '')
  await ctx.db.update(draw).set({ state: row.state }).where(eq(draw.id, row.id))
  await tellReleased(ctx, row, '抽取作废')
  await releaseDraw(ctx, row.id)
  return { result: { state: row.state }, entry: null }
}
