import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { logCheckpoint } from '@/db/schema/platform/log'
import { type OpeningPhase, opening } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { readCosignedCovering } from '~/platform/log/read.server'
import { addSeconds } from '~/shared/time'
import { settleAnswers } from './answer.server'
import { countBids } from './count.server'
import { changeOpening, type OpeningRow, postpone, say } from './event.server'
import { lockHall } from './hall.server'
import { publishRecord, sealRecord } from './publish-record.server'
import { settleKeys } from './settle-keys.server'

/** Openings whose release waits for a cosignature that has come. */
const isReleasable = and(
  eq(opening.phase, 'releasing'),
  isNull(opening.releaseEndsAt),
  sql`exists (select 1 from ${logCheckpoint} where ${logCheckpoint.size} > ${opening.closeIdx} and ${logCheckpoint.cosignature} is not null)`,
)

const isDue = or(lte(opening.nextCheckAt, sql`(select trade_clock())`), isReleasable)

/** When the clock must next look at an opening, or null. */
export async function nextOpening(ctx: Ctx): Promise<Date | null> {
  const [ready] = await ctx.db.select({ id: opening.id }).from(opening).where(isDue).limit(1)
  if (ready) return ctx.now
  const [row] = await ctx.db.select({ at: sql<string | null>`min(${opening.nextCheckAt})::text` }).from(opening)
  return row?.at ? new Date(Math.max(Date.parse(row.at), ctx.now.getTime() + 1)) : null
}

/** Opens the release window of a lot whose row is locked. */
export async function openRelease(
  ctx: Ctx,
  row: OpeningRow,
  basis: 'cosignature' | 'timestamp',
  releaseSeconds: number,
  size: number,
): Promise<void> {
  const releaseEndsAt = addSeconds(ctx.now, releaseSeconds)
  await changeOpening(ctx, row, { releaseOpenedAt: ctx.now, releaseBasis: basis, releaseEndsAt })
  await say(ctx, row, ['releasable', { basis, endsAt: releaseEndsAt.toISOString(), size }])
}

/** Allows the release of keys once a cosigned checkpoint covers `lot.close` (crypto.md §10.8). */
const allowRelease = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    const checkpoint = row.closeIdx === null ? null : await readCosignedCovering(ctx, row.closeIdx)
    if (row.phase !== 'releasing' || row.releaseEndsAt || !checkpoint) return { result: null, entry: null }
    await openRelease(ctx, row, 'cosignature', found.lot.releaseSeconds, checkpoint.size)
    return { result: null, entry: { lotId, facts: { basis: 'cosignature', size: checkpoint.size } } }
  },
  'opening.allow-release',
)

type Step = (ctx: Ctx, input: { lotId: string }) => Promise<unknown>

const steps: Partial<Record<OpeningPhase, Step>> = {
  counting: countBids,
  releasing: (ctx, input) => allowRelease(ctx, input).then(() => settleKeys(ctx, input)),
  objecting: settleAnswers,
  confirming: settleAnswers,
  recording: sealRecord,
  signing: publishRecord,
}

/** Does the next step of every opening that is due; one that fails is reported and does not stop the others. */
export async function advanceOpenings(ctx: Ctx): Promise<void> {
  const due = await ctx.db
    .select({ lotId: opening.lotId, phase: opening.phase })
    .from(opening)
    .where(isDue)
    .orderBy(asc(opening.nextCheckAt))
  for (const { lotId, phase } of due) {
    await steps[phase]?.(ctx, { lotId }).catch((error: unknown) => postpone(ctx, lotId, error))
  }
}
