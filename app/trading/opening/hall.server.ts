import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { type FoundLot, lockLot } from '../lot/find-lot.server'
import { lockOpening, type OpeningRow } from './event.server'

/**
 * Locks a lot and its opening, in this order everywhere, until the command ends. Refuses opening-not-due while the lot has
 * not closed.
 */
export async function lockHall(ctx: Ctx, lotId: string): Promise<{ found: FoundLot; row: OpeningRow }> {
  const found = await lockLot(ctx, lotId)
  const row = await lockOpening(ctx, lotId)
  if (row) return { found, row }
  throw new Refusal('opening-not-due', { at: found.lot.biddingEndsAt ? formatInstant(found.lot.biddingEndsAt) : '待定' })
}
