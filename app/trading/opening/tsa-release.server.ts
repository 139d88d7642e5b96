import { and, desc, eq } from 'drizzle-orm'
import { openingEvent } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { inScope } from '~/platform/identity/authorise.server'
import { readCheckpointCovering } from '~/platform/log/read.server'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, formatInstant } from '~/shared/time'
import type { FoundLot } from '../lot/find-lot.server'
import { openRelease, releaseIdx } from './advance.server'
import type { OpeningRow } from './event.server'
import { lockHall } from './hall.server'
import { openingEventText, openingPhaseText } from './opening.text'

/** How long the witness has before its cosignature may be done without (crypto.md §10.8, default). */
const witnessSeconds = 120

/** Since when the witness is waited for: the close, or the entry that opened the second of two envelopes (双信封). */
async function waitedSince(ctx: Ctx, { lot }: FoundLot, { lotId, envelopeEntryId }: OpeningRow): Promise<Date> {
  if (envelopeEntryId === null) return lot.closedAt!
  const ofEnvelope = and(eq(openingEvent.lotId, lotId), eq(openingEvent.kind, 'envelope'))
  const said = ctx.db.select({ at: openingEvent.at }).from(openingEvent).where(ofEnvelope)
  const [last] = await said.orderBy(desc(openingEvent.seq)).limit(1)
  return last!.at
}

/** From when the supervisor may do without the witness; null where nothing waits for it. */
export async function allowableFrom(ctx: Ctx, found: FoundLot, row: OpeningRow): Promise<Date | null> {
  const isWaiting = row.phase === 'releasing' && row.releaseEndsAt === null
  return isWaiting ? addSeconds(await waitedSince(ctx, found, row), witnessSeconds) : null
}

/**
 * The supervisor allows the release of keys on the time-stamp alone, when the witness has not cosigned for 120 s the entry on
 * which they are given out: `lot.close`, or what opens the second envelope.
 * A recorded act; refused earlier, without a time-stamp, or when release is open already.
 */
export const allowReleaseByTimestamp = command(
  'opening.supervise',
  async (ctx, { lotId, reason }: { lotId: string; reason: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    inScope(ctx, found.lot)
    const from = await allowableFrom(ctx, found, row)
    const isWaiting = from !== null && releaseIdx(row) !== null
    refuseUnless(isWaiting, 'wrong-state', { state: openingPhaseText[row.phase], event: openingEventText.enough })
    refuseUnless(ctx.now >= from, 'opening-not-due', { at: formatInstant(from) })
    const checkpoint = await readCheckpointCovering(ctx, releaseIdx(row)!)
    refuseUnless(checkpoint?.tsaToken, 'release-not-open')
    await openRelease(ctx, row, 'timestamp', found.lot.releaseSeconds, checkpoint.size)
    return { result: null, entry: { lotId, facts: { basis: 'timestamp', size: checkpoint.size, reason } } }
  },
  'opening.tsa-release',
)
