import { command } from '~/platform/audit/command.server'
import { inScope } from '~/platform/identity/authorise.server'
import { readCheckpointCovering } from '~/platform/log/read.server'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, formatInstant } from '~/shared/time'
import { openRelease, releaseIdx } from './advance.server'
import { lockHall } from './hall.server'
import { openingEventText, openingPhaseText } from './opening.text'

/** How long the witness has before its cosignature may be done without (crypto.md §10.8, default). */
export const witnessSeconds = 120

/**
 * The supervisor allows the release of keys on the time-stamp alone, when the witness has not cosigned the close for 120 s.
 * A recorded act; refused earlier, without a time-stamp, or when release is open already.
 */
export const allowReleaseByTimestamp = command(
  'opening.supervise',
  async (ctx, { lotId, reason }: { lotId: string; reason: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    inScope(ctx, found.lot)
    const isWaiting = row.phase === 'releasing' && row.releaseEndsAt === null && releaseIdx(row) !== null
    refuseUnless(isWaiting, 'wrong-state', { state: openingPhaseText[row.phase], event: openingEventText.enough })
    const from = addSeconds(found.lot.closedAt!, witnessSeconds)
    refuseUnless(ctx.now >= from, 'opening-not-due', { at: formatInstant(from) })
    const checkpoint = await readCheckpointCovering(ctx, releaseIdx(row)!)
    refuseUnless(checkpoint?.tsaToken, 'release-not-open')
    await openRelease(ctx, row, 'timestamp', found.lot.releaseSeconds, checkpoint.size)
    return { result: null, entry: { lotId, facts: { basis: 'timestamp', size: checkpoint.size, reason } } }
  },
  'opening.tsa-release',
)
