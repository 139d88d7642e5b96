import { and, asc, eq } from 'drizzle-orm'
import { bidFile } from '@/db/schema/trading/bid'
import { stageKey } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'

export type BidFileRow = typeof bidFile.$inferSelect

/** Files of a bid in the order of their roles. */
export const listFiles = (ctx: Ctx, bidId: string): Promise<BidFileRow[]> =>
  ctx.db.select().from(bidFile).where(eq(bidFile.bidId, bidId)).orderBy(asc(bidFile.role))

/** What the box of a stage's key is bound to. */
export const keyBox = (bidId: string, stage: string) => `stage-key ${bidId} ${stage}`

/** K_stage of an opened stage, or null. */
export async function readStageKey(ctx: Ctx, bidId: string, stage: string): Promise<Uint8Array | null> {
  const [row] = await ctx.db
    .select({ box: stageKey.box })
    .from(stageKey)
    .where(and(eq(stageKey.bidId, bidId), eq(stageKey.stage, stage)))
  return row ? ctx.platform.vault.open(keyBox(bidId, stage), row.box) : null
}
