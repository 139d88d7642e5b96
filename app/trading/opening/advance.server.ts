import { and, asc, eq, isNotNull, isNull, lte, not, or, type SQL, sql } from 'drizzle-orm'
import { logCheckpoint } from '@/db/schema/platform/log'
import { type OpeningPhase, opening } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import { listOutages } from '~/platform/audit/pulse.server'
import type { Ctx } from '~/platform/ctx'
import { appendMany } from '~/platform/log/append.server'
import { addSeconds } from '~/shared/time'
import { settleAnswers } from './answer.server'
import { inBatches } from './batch.server'
import { countBids, countMany } from './count.server'
import { openCalled } from './envelope.server'
import { changeOpening, type OpeningRow, postpone, say } from './event.server'
import { holdUnsure, isUnsure, makeOutagesGood } from './make-good.server'
import { lockHalls, moveMany } from './move-many.server'
import { publishRecord, sealRecord } from './publish-record.server'
import { settleKeys } from './settle-keys.server'

/** Openings whose release waits for a cosignature that has come: over `lot.close`, or over what opens the second envelope. */
const isReleasable = and(
  eq(opening.phase, 'releasing'),
  isNull(opening.releaseEndsAt),
  or(isNull(opening.envelopeEntryId), isNotNull(opening.envelopeIdx)),
  sql`exists (select 1 from ${logCheckpoint} where ${logCheckpoint.size} > greatest(${opening.closeIdx}, ${opening.envelopeIdx})
    and ${logCheckpoint.cosignature} is not null)`,
)

/** An opening stays in `reading` only where the machine failed, or where its end is not the usual one. */
const isLeft = and(eq(opening.phase, 'reading'), isNull(opening.nextCheckAt))
const isPast = or(lte(opening.nextCheckAt, sql`(select trade_clock())`), isLeft)
const isDue = or(isPast, isReleasable)

/** When the clock must next look at an opening, or null. */
export async function nextOpening(ctx: Ctx): Promise<Date | null> {
  const [ready] = await ctx.db.select({ id: opening.id }).from(opening).where(isDue).limit(1)
  if (ready || (await listOutages(ctx)).length > 0) return ctx.now
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

/** Index of the entry on which keys are given out: `lot.close`, or what opens the second envelope; null while it has none. */
export function releaseIdx({ closeIdx, envelopeEntryId, envelopeIdx }: OpeningRow): number | null {
  return envelopeEntryId === null ? closeIdx : envelopeIdx
}

/** The first cosigned checkpoint over the entry on which each opening gives out keys. */
async function cosignedOver(ctx: Ctx, rows: OpeningRow[]): Promise<Map<string, number>> {
  const { rows: found } = await ctx.db.execute<{ id: string; size: string }>(sql`
    select n.id, (select min(c.size) from log_checkpoint c where c.size > n.idx and c.cosignature is not null) as size
    from unnest(${sql.param(rows.map(row => row.id))}::uuid[], ${sql.param(rows.map(releaseIdx))}::bigint[]) as n(id, idx)`)
  return new Map(found.flatMap(({ id, size }) => (size === null ? [] : [[id, Number(size)]])))
}

/** Allows the release of keys of many lots, once a cosigned checkpoint covers their `lot.close` (crypto.md §10.8). */
const allowReleases = command(
  'opening.host',
  async (ctx, lotIds: string[]) => {
    const halls = [...(await lockHalls(ctx, lotIds)).values()]
    const waiting = halls.filter(({ row }) => row.phase === 'releasing' && !row.releaseEndsAt && releaseIdx(row) !== null)
    const sizes = await cosignedOver(
      ctx,
      waiting.map(({ row }) => row),
    )
    const ready = waiting.filter(({ row }) => sizes.has(row.id))
    await moveMany(
      ctx,
      ready.map(({ found: { lot }, row }) => {
        const releaseEndsAt = addSeconds(ctx.now, lot.releaseSeconds)
        const facts = { basis: 'cosignature' as const, endsAt: releaseEndsAt.toISOString(), size: sizes.get(row.id)! }
        const changes = { releaseOpenedAt: ctx.now, releaseBasis: 'cosignature' as const, releaseEndsAt }
        return { row, changes, says: [['releasable', facts]] }
      }),
    )
    const entries = ready.map(({ row }) => ({
      lotId: row.lotId,
      facts: { basis: 'cosignature', size: sizes.get(row.id)! },
    }))
    await appendMany(ctx, 'opening.allow-release', entries)
    return { result: null, entry: null }
  },
  'opening.allow-release',
)

type Step = (ctx: Ctx, input: { lotId: string }) => Promise<unknown>

const steps: Partial<Record<OpeningPhase, Step>> = {
  releasing: settleKeys,
  reading: settleKeys,
  objecting: settleAnswers,
  confirming: settleAnswers,
  recording: sealRecord,
  signing: publishRecord,
  intermission: openCalled,
}

const dueIn = (ctx: Ctx, which: SQL | undefined) =>
  ctx.db.select({ lotId: opening.lotId, phase: opening.phase }).from(opening).where(which).orderBy(asc(opening.nextCheckAt))

async function countAll(ctx: Ctx): Promise<void> {
  const rows = await dueIn(ctx, and(eq(opening.phase, 'counting'), isNotNull(opening.closeIdx), isDue))
  await inBatches(
    ctx,
    rows.map(row => row.lotId),
    async lotIds => {
      const few = await countMany(ctx, lotIds)
      for (const lotId of few) await countBids(ctx, { lotId }).catch((error: unknown) => postpone(ctx, lotId, error))
    },
  )
}

async function allowAll(ctx: Ctx): Promise<void> {
  const rows = await dueIn(ctx, isReleasable)
  await inBatches(
    ctx,
    rows.map(row => row.lotId),
    lotIds => allowReleases(ctx, lotIds),
  )
}

/** Does the next step of every opening that is due; one that fails is reported and does not stop the others. */
export async function advanceOpenings(ctx: Ctx): Promise<void> {
  await makeOutagesGood(ctx)
  await countAll(ctx)
  await allowAll(ctx)
  await holdUnsure(ctx)
  for (const { lotId, phase } of await dueIn(ctx, and(isPast, not(isUnsure)))) {
    await steps[phase]?.(ctx, { lotId }).catch((error: unknown) => postpone(ctx, lotId, error))
  }
}
