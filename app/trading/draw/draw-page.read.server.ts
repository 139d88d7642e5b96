import { and, eq, inArray, ne } from 'drizzle-orm'
import { lot as lotTable } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, localOf } from '~/shared/time'
import { readLot } from '../lot/find-lot.server'
import { readLotDraw } from './committee.server'
import { readDraw } from './draw.read.server'
import { readRepresentatives } from './draw-request.server'
import { readDrawRow } from './draw-store.server'

/** The agency's page of a lot's draw: the draw in force, if any, and when an evaluation could begin. Refuses not-found to others. */
export async function readDrawPage(ctx: Ctx, lotId: string) {
  const { lot } = await readLot(ctx, lotId)
  const row = await readLotDraw(ctx, lotId)
  const earliest = lot.biddingEndsAt && lot.biddingEndsAt > ctx.now ? lot.biddingEndsAt : ctx.now
  return {
    lot: { id: lot.id, code: lot.code, name: lot.name, state: lot.state },
    draw: row && (await readDraw(ctx, row.id)),
    evaluationAt: localOf(addSeconds(earliest, 1_800)),
    others: await listOtherLots(ctx, lot),
    ...(row
      ? { representatives: (await readRepresentatives(ctx, row.id)).map(({ name, title }) => ({ name, title })) }
      : { representatives: [] }),
  }
}

/** Other lots of the project for which a committee may still be asked. */
const listOtherLots = (ctx: Ctx, own: { id: string; projectId: string }) =>
  ctx.db
    .select({ id: lotTable.id, code: lotTable.code, name: lotTable.name })
    .from(lotTable)
    .where(
      and(
        eq(lotTable.projectId, own.projectId),
        ne(lotTable.id, own.id),
        inArray(lotTable.state, ['bidding', 'closed', 'opening', 'opened']),
      ),
    )
    .orderBy(lotTable.code)
    .limit(20)

/** A draw for whoever supervises it or asked for it. Refuses not-found to others. */
export async function readDrawFor(ctx: Ctx, id: string) {
  const row = await readDrawRow(ctx, id)
  await readLot(ctx, row.lotId)
  const draw = await readDraw(ctx, id)
  refuseUnless(draw, 'not-found')
  return draw
}
