import { and, eq, inArray } from 'drizzle-orm'
import { drawContact } from '@/db/schema/trading/draw'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { type ExclusionReason, exclusionReasons } from '../expert/expert'
import { findLot } from '../lot/find-lot.server'
import { readLists } from './draw-lists.server'
import { readDrawRow } from './draw-store.server'
import { resultStates } from './record.server'

export type AvoidedCounts = { reason: ExclusionReason; before: number; after: number }[]

/** How many of the pool were barred before the draw, and how many left an earlier panel after the close, per reason; reasons nobody met are left out. */
async function countAvoided(ctx: Ctx, drawId: string): Promise<AvoidedCounts> {
  const barred = (await readLists(ctx, drawId))?.barred ?? []
  const left = await ctx.db
    .select({ reason: drawContact.reason })
    .from(drawContact)
    .where(
      and(eq(drawContact.drawId, drawId), eq(drawContact.state, 'avoid'), inArray(drawContact.reason, [...exclusionReasons])),
    )
  const counts = exclusionReasons.map(reason => ({
    reason,
    before: barred.filter(([, why]) => why === reason).length,
    after: left.filter(one => one.reason === reason).length,
  }))
  return counts.filter(({ before, after }) => before + after > 0)
}

/** Counts per reason, for anybody, once the result is known; null before. Until then even a number could tell who bids (EX-07). */
export async function findAvoided(ctx: Ctx, id: string): Promise<AvoidedCounts | null> {
  const row = await readDrawRow(ctx, id)
  const { lot } = await findLot(ctx, row.lotId)
  return resultStates.includes(lot.state) ? countAvoided(ctx, row.id) : null
}

/** The same; refuses records-closed to everybody before. */
export async function readAvoided(ctx: Ctx, id: string): Promise<AvoidedCounts> {
  const counts = await findAvoided(ctx, id)
  refuseUnless(counts, 'records-closed')
  return counts
}
