import { createHash } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import { canonical } from '@/crypto/jcs'
import { readOut } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { promise } from '~/platform/outbox/promise.server'
import { addSeconds } from '~/shared/time'
import type { FoundLot } from '../lot/find-lot.server'
import { isTooFew } from '../rules/fewer-than-three'
import { abortOpening, type CountedBid, listCounted } from './count.server'
import { envelopeOf, rolesIn } from './envelope'
import { moveOpening, type OpeningRow, say } from './event.server'
import type { Drawn } from './hall-acts'
import { drawAtOpening } from './parameter.server'
import type { PriceForm, ReadFlag } from './price-form'
import { awaitTwins } from './twin-window.server'

export type ReadOutRow = Omit<typeof readOut.$inferSelect, 'form' | 'flags'> & { form: PriceForm; flags: ReadFlag[] }

/** The read-out of these lots by bid. */
export async function listReadOuts(ctx: Ctx, lotIds: string[]): Promise<Map<string, ReadOutRow>> {
  if (lotIds.length === 0) return new Map()
  const rows = await ctx.db.select().from(readOut).where(inArray(readOut.lotId, lotIds))
  return new Map(rows.map(row => [row.bidId, row as ReadOutRow]))
}

/** The read-out of a lot by bid. */
export const listReadOut = (ctx: Ctx, lotId: string): Promise<Map<string, ReadOutRow>> => listReadOuts(ctx, [lotId])

/** A counted bid as the record speaks of it. */
export type RecordedBid = Pick<CountedBid, 'no' | 'organisation' | 'creditCode'> &
  Pick<CountedBid['bid'], 'id' | 'statementHash' | 'committedAt' | 'state' | 'reason' | 'faultParty'> & { contents?: string[] }

function lineOf(one: RecordedBid, read: ReadOutRow | undefined) {
  const base = {
    no: one.no,
    organisation: one.organisation,
    creditCode: one.creditCode,
    statement: one.statementHash,
    committedAt: one.committedAt.toISOString(),
    state: one.state,
  }
  const { durationDays, quality, manager, note } = read?.form ?? {}
  const line = read ? { priceFen: read.priceFen.toString(), durationDays, quality, manager, note, flags: read.flags } : null
  const held = one.contents ? { contents: one.contents } : {}
  return { ...base, failure: one.reason, fault: one.faultParty, read: line, ...held }
}

/** What the bidders confirm: the read-out as it stands once the last bid was read or has failed, in canonical JSON. */
export function recordText(
  ctx: Ctx,
  { lot, project }: FoundLot,
  row: OpeningRow,
  bids: RecordedBid[],
  read: Map<string, ReadOutRow>,
  drawn: Drawn[] = [],
): string {
  const envelope = envelopeOf(row)
  return canonical({
    t: 'tbid/opening.record@1',
    platform: ctx.platform.config.platformId,
    project: project.id,
    lot: lot.id,
    round: row.round,
    closedAt: lot.closedAt!.toISOString(),
    ceilingFen: lot.ceilingFen.toString(),
    counted: row.counted ?? bids.length,
    bids: bids.map(one => lineOf(one, read.get(one.id))),
    parameters: drawn.map(({ code, value, index }) => ({ code, value, index })),
    ...(envelope ? { envelope } : {}),
  })
}

export const mayContinue = ({ lot, edition }: FoundLot): boolean => {
  const byDocument = (lot.scoring as { onDecryptedBelow3?: string }).onDecryptedBelow3
  return byDocument === 'continue' || (byDocument === undefined && edition.onDecryptedBelowMinimum === 'CONTINUE_BY_DOCUMENT')
}

/** Whether so few read bids stop an opening: of a second envelope (双信封) the law let as many pass as passed. */
function mustStop(found: FoundLot, { passedBidIds }: OpeningRow, readable: number): boolean {
  const expected = passedBidIds?.length ?? found.edition.minimumBidders
  const isFew = isTooFew(found.edition, readable) && readable < expected
  return readable === 0 || (isFew && !mayContinue(found))
}

/** What the first of two envelopes (双信封) held, for its record. */
const contentsOf = (row: OpeningRow, { state, stages }: CountedBid['bid']) =>
  envelopeOf(row) === 1 && state === 'decrypted' ? { contents: rolesIn(stages) } : {}

/**
 * When no bid is left to be read: fewer than the minimum read stops the opening unless the tender document says to go on
 * (tender-rules 1.5); otherwise the record is frozen and objections may be raised (《招标投标法实施条例》44).
 */
export async function finishReading(ctx: Ctx, found: FoundLot, row: OpeningRow): Promise<void> {
  if (row.phase !== 'reading') return
  const bids = await listCounted(ctx, row)
  if (bids.some(b => b.bid.state === 'locked')) return
  if (await awaitTwins(ctx, found, row, bids)) return
  const readable = bids.filter(b => b.bid.state === 'decrypted').length
  if (mustStop(found, row, readable)) {
    const { entry } = await abortOpening(ctx, found, row, 'decrypted', readable)
    await append(ctx, 'opening.abort', entry)
    return
  }
  const drawn = await drawAtOpening(ctx, found, row, bids)
  const recorded = bids.map(({ bid, ...one }): RecordedBid => ({ ...bid, ...one, ...contentsOf(row, bid) }))
  const recordPayload = recordText(ctx, found, row, recorded, await listReadOut(ctx, row.lotId), drawn)
  const recordHash = createHash('sha256').update(recordPayload).digest('hex')
  const objectionEndsAt = addSeconds(ctx.now, found.edition.opening.objectionSeconds)
  await moveOpening(ctx, row, 'read-all', { recordPayload, recordHash, objectionEndsAt })
  await promise(ctx, 'trading.lot.unpack', { lotId: row.lotId })
  await append(ctx, 'opening.read-out', { lotId: row.lotId, facts: { recordHash, readable, counted: bids.length } })
  await say(ctx, row, ['objecting', { endsAt: objectionEndsAt.toISOString(), recordHash }])
}
