import { and, eq, inArray, ne } from 'drizzle-orm'
import { lot as lotTable } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, localOf } from '~/shared/time'
import { readLot } from '../lot/find-lot.server'
import { readLotDraw } from './committee.server'
import { stoppedStates } from './draw'
import { readDraw } from './draw.read.server'
import type { DrawRow } from './draw-request.server'
import { readDrawRow } from './draw-store.server'
import { listRepresentatives, openRepresentative } from './representative.server'
import { isReplaceable } from './representative-acts.server'

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
    representatives: row ? await readSeatedFor(ctx, row) : [],
  }
}

/** The tenderer's representatives as its own agency, which named them, sees them. */
async function readSeatedFor(ctx: Ctx, row: DrawRow) {
  const rows = await listRepresentatives(ctx, row.id)
  return rows.map(one => {
    const { name, title } = openRepresentative(ctx, one)
    const { id, state, arrivedAt, declaredAt } = one
    return {
      id,
      name,
      title,
      state,
      arrivedAt,
      declaredAt,
      isReplaceable: !stoppedStates.includes(row.state) && isReplaceable(one, row, ctx.now),
    }
  })
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

/** A representative whose seat another may take, for the agency that named him. Refuses not-found. */
export async function readReplaceable(ctx: Ctx, id: string, representativeId: string) {
  const row = await readDrawRow(ctx, id)
  const { lot } = await readLot(ctx, row.lotId)
  const found = (await readSeatedFor(ctx, row)).find(one => one.id === representativeId)
  refuseUnless(found, 'not-found')
  return { lot: { id: lot.id, name: lot.name }, representative: found }
}
