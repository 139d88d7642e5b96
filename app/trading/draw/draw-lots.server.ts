import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { draw, drawLot } from '@/db/schema/trading/draw'
import { lot } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'

/** Whether a draw is of this lot, as its own or as one more that the same committee evaluates. */
export const isOfLot = (lotId: string): SQL =>
  sql`(${draw.lotId} = ${lotId} or exists (select 1 from ${drawLot} where ${drawLot.drawId} = ${draw.id} and ${drawLot.lotId} = ${lotId}))`

/** The same for the round that the lot, joined as `lot`, is in now. */
export const isOfRound: SQL = sql`((${draw.lotId} = ${lot.id} and ${draw.round} = ${lot.round}) or exists (
  select 1 from ${drawLot} where ${drawLot.drawId} = ${draw.id} and ${drawLot.lotId} = ${lot.id} and ${drawLot.round} = ${lot.round}))`

/** Every lot of a draw in its order: the own one and the others. */
export const listDrawLots = (ctx: Ctx, drawId: string) =>
  ctx.db
    .select({ id: lot.id, code: lot.code, name: lot.name, state: lot.state })
    .from(drawLot)
    .innerJoin(lot, and(eq(lot.id, drawLot.lotId)))
    .where(eq(drawLot.drawId, drawId))
    .orderBy(asc(lot.code))
