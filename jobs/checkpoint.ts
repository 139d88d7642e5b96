import { sql } from 'drizzle-orm'
import { logLeaf, logPending } from '@/db/schema/platform/log'
import { readPublicCheckpoint } from '~/platform/log/read.server'
import type { Tick } from './ticks'
import { watch } from './watch'

/** Minute checkpoints (crypto.md §10.8): public, cosigned, only when the log has grown. */
const everyMs = 60_000

export const checkpointTick: Tick = {
  name: 'log.checkpoint',
  next: async ctx => {
    const last = await readPublicCheckpoint(ctx)
    const [{ size } = { size: 0 }] = await ctx.db
      .select({ size: sql<number>`coalesce(max(${logLeaf.idx}) + 1, 0)::int` })
      .from(logLeaf)
    if (size === (last?.size ?? 0)) return null
    return last ? new Date(last.signedAt.getTime() + everyMs) : ctx.now
  },
  run: async ctx => {
    await ctx.platform.sequencer.publish()
  },
}

/** Time-stamps that a slow or absent TSA owes: delivered later, shown with the receipt (crypto.md §10.8). */
export const stampTick = watch('log.stamp', 5_000, ctx => ctx.platform.sequencer.catchUpStamps())

/** Entries nobody waits for get their index soon. */
export const sequenceTick: Tick = {
  name: 'log.sequence',
  next: async ctx => {
    const [row] = await ctx.db.select({ id: logPending.id }).from(logPending).limit(1)
    return row ? ctx.now : null
  },
  run: ctx => ctx.platform.sequencer.flush(),
}
