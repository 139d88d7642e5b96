import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import { outage } from '@/db/schema/platform/clock'
import { opening } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import { isSilentSince, listOutages, type OutageRow } from '~/platform/audit/pulse.server'
import type { Ctx } from '~/platform/ctx'
import { addSeconds } from '~/shared/time'
import { outageRule } from '../rules/outage'
import { changeOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import { endColumn, endOf, isTimedPhase, type TimedPhase } from './opening'
import { secondsLost } from './outage'

const timed = Object.keys(endColumn) as TimedPhase[]

const isTimed = (row: OpeningRow): row is OpeningRow & { phase: TimedPhase } => isTimedPhase(row.phase)

/** Makes the time under way in one opening longer by what an outage took of it: once, however often it is asked. */
const makeGood = command(
  'opening.host',
  async (ctx, { lotId, from, to }: OutageRow & { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    const isDone = row.outageUntil !== null && row.outageUntil >= to
    const seconds = isDone || !isTimed(row) ? 0 : secondsLost(row, found.edition.opening, { from, to })
    if (seconds === 0 || !isTimed(row)) return { result: null, entry: null }
    const endsAt = addSeconds(endOf(row.phase, row)!, seconds)
    const outageSeconds = row.outageSeconds + seconds
    await changeOpening(ctx, row, { [endColumn[row.phase]]: endsAt, outageSeconds, outageUntil: to })
    const gap = { from: from.toISOString(), to: to.toISOString(), seconds, endsAt: endsAt.toISOString() }
    await say(ctx, row, ['outage', gap])
    return { result: null, entry: { lotId, facts: { ...gap, phase: row.phase, article: outageRule.article } } }
  },
  'opening.outage',
)

async function makeOneGood(ctx: Ctx, gap: OutageRow): Promise<void> {
  const rows = await ctx.db.select({ lotId: opening.lotId }).from(opening).where(inArray(opening.phase, timed))
  for (const { lotId } of rows) await makeGood(ctx, { ...gap, lotId })
  await ctx.db
    .update(outage)
    .set({ madeGoodAt: ctx.now })
    .where(and(eq(outage.id, gap.id), isNull(outage.madeGoodAt)))
}

/** Gives back what recorded outages took of the times of openings. A kill in between loses nothing: what is left is done again. */
export async function makeOutagesGood(ctx: Ctx): Promise<void> {
  for (const gap of await listOutages(ctx)) await makeOneGood(ctx, gap)
}

const againMs = 1_000

/** End of the time under way, as endOf() has it for these phases. */
const end = sql`case ${opening.phase} ${sql.join(
  timed.map(phase => sql`when ${phase} then ${opening[endColumn[phase]]}`),
  sql` `,
)} end`

/**
 * Openings whose time is over, but nobody has been seen serving since: had the platform been out of reach, that time would
 * become longer. They are looked at again a second later.
 */
export const isUnsure = sql`(coalesce(${end} <= (select trade_clock()), false) and ${isSilentSince(end)})`

export async function holdUnsure(ctx: Ctx): Promise<void> {
  const again = new Date(ctx.now.getTime() + againMs)
  const isHeld = and(lte(opening.nextCheckAt, sql`(select trade_clock())`), isUnsure)
  await ctx.db.update(opening).set({ nextCheckAt: again }).where(isHeld)
}
