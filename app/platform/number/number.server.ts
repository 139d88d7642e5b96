import { sql } from 'drizzle-orm'
import { numberSeries } from '@/db/schema/platform/outbox'
import type { Ctx } from '../ctx'

/** The next number of a series, from 1, gap-free: a rolled-back command gives its number back. */
export async function nextNumber(ctx: Ctx, series: string): Promise<number> {
  const [row] = await ctx.db
    .insert(numberSeries)
    .values({ series, last: 1 })
    .onConflictDoUpdate({ target: numberSeries.series, set: { last: sql`${numberSeries.last} + 1` } })
    .returning({ last: numberSeries.last })
  return row!.last
}
