import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, localOf } from '~/shared/time'
import { readLot } from '../lot/find-lot.server'
import { readLotDraw } from './committee.server'
import { readDraw } from './draw.read.server'
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
  }
}

/** A draw for whoever supervises it or asked for it. Refuses not-found to others. */
export async function readDrawFor(ctx: Ctx, id: string) {
  const row = await readDrawRow(ctx, id)
  await readLot(ctx, row.lotId)
  const draw = await readDraw(ctx, id)
  refuseUnless(draw, 'not-found')
  return draw
}
