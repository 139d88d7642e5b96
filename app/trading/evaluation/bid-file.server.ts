import { eq } from 'drizzle-orm'
import { bid, bidFile } from '@/db/schema/trading/bid'
import type { Ctx } from '~/platform/ctx'
import { readFileRow, type StoredFile } from '~/platform/files/file.server'
import { refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { ownSeat } from './seat.server'

/** An opened file of a bid, for members of its committee while they evaluate (crypto.md §10.12). Anybody else is told not-found. */
export async function readBidFile(ctx: Ctx, bidFileId: string): Promise<StoredFile> {
  const [found] = await ctx.db
    .select({ file: bidFile, lotId: bid.lotId })
    .from(bidFile)
    .innerJoin(bid, eq(bid.id, bidFile.bidId))
    .where(eq(bidFile.id, bidFileId))
  refuseUnless(found?.file.plainFileId, 'not-found')
  await ownSeat(ctx, found.lotId).catch(() => refuseUnless(false, 'not-found'))
  const { lot } = await findLot(ctx, found.lotId)
  refuseUnless(lot.state === 'evaluating', 'not-found')
  return readFileRow(ctx, found.file.plainFileId)
}
