import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { canonical } from '@/crypto/jcs'
import { readOut } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { addSeconds } from '~/shared/time'
import type { FoundLot } from '../lot/find-lot.server'
import { isTooFew } from '../rules/fewer-than-three'
import { abortOpening, type CountedBid, listCounted } from './count.server'
import { moveOpening, type OpeningRow, say } from './event.server'
import type { Drawn } from './hall-acts'
import { drawAtOpening } from './parameter.server'
import type { PriceForm, ReadFlag } from './price-form'

export type ReadOutRow = Omit<typeof readOut.$inferSelect, 'form' | 'flags'> & { form: PriceForm; flags: ReadFlag[] }

/** The read-out of a lot by bid. */
export async function listReadOut(ctx: Ctx, lotId: string): Promise<Map<string, ReadOutRow>> {
  const rows = await ctx.db.select().from(readOut).where(eq(readOut.lotId, lotId))
  return new Map(rows.map(row => [row.bidId, row as ReadOutRow]))
}

function lineOf({ no, organisation, creditCode, bid }: CountedBid, read: ReadOutRow | undefined) {
  const base = {
    no,
    organisation,
    creditCode,
    statement: bid.statementHash,
    committedAt: bid.committedAt.toISOString(),
    state: bid.state,
  }
  const { durationDays, quality, manager, note } = read?.form ?? {}
  const line = read ? { priceFen: read.priceFen.toString(), durationDays, quality, manager, note, flags: read.flags } : null
  return { ...base, failure: bid.reason, fault: bid.faultParty, read: line }
}

/** What the bidders confirm: the read-out as it stands once the last bid was read or has failed, in canonical JSON. */
async function recordText(
  ctx: Ctx,
  { lot, project }: FoundLot,
  row: OpeningRow,
  bids: CountedBid[],
  drawn: Drawn[],
): Promise<string> {
  const read = await listReadOut(ctx, lot.id)
  return canonical({
    t: 'tbid/opening.record@1',
    platform: ctx.platform.config.platformId,
    project: project.id,
    lot: lot.id,
    round: row.round,
    closedAt: lot.closedAt!.toISOString(),
    ceilingFen: lot.ceilingFen.toString(),
    counted: row.counted ?? bids.length,
    bids: bids.map(b => lineOf(b, read.get(b.bid.id))),
    parameters: drawn.map(({ code, value, index }) => ({ code, value, index })),
  })
}

const mayContinue = ({ lot, edition }: FoundLot): boolean => {
  const byDocument = (lot.scoring as { onDecryptedBelow3?: string }).onDecryptedBelow3
  return byDocument === 'continue' || (byDocument === undefined && edition.onDecryptedBelowMinimum === 'CONTINUE_BY_DOCUMENT')
}

/**
 * When no bid is left to be read: fewer than the minimum read stops the opening unless the tender document says to go on
 * (tender-rules 1.5); otherwise the record is frozen and objections may be raised (《招标投标法实施条例》44).
 */
export async function finishReading(ctx: Ctx, found: FoundLot, row: OpeningRow): Promise<void> {
  if (row.phase !== 'reading') return
  const bids = await listCounted(ctx, row)
  if (bids.some(b => b.bid.state === 'locked')) return
  const readable = bids.filter(b => b.bid.state === 'decrypted').length
  if (isTooFew(found.edition, readable) && !(mayContinue(found) && readable > 0)) {
    const { entry } = await abortOpening(ctx, found, row, 'decrypted', readable)
    await append(ctx, 'opening.abort', entry)
    return
  }
  const drawn = await drawAtOpening(ctx, found, row, bids)
  const recordPayload = await recordText(ctx, found, row, bids, drawn)
  const recordHash = createHash('sha256').update(recordPayload).digest('hex')
  const objectionEndsAt = addSeconds(ctx.now, found.edition.opening.objectionSeconds)
  await moveOpening(ctx, row, 'read-all', { recordPayload, recordHash, objectionEndsAt })
  await append(ctx, 'opening.read-out', { lotId: row.lotId, facts: { recordHash, readable, counted: bids.length } })
  await say(ctx, row, ['objecting', { endsAt: objectionEndsAt.toISOString(), recordHash }])
}
