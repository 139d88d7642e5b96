import { and, eq, inArray } from 'drizzle-orm'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { notice } from '@/db/schema/trading/project'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { promise } from '~/platform/outbox/promise.server'
import { refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { removeSealed } from '../bid/upload.server'
import type { FoundLot } from '../lot/find-lot.server'
import { boundOf } from '../rules/dates'
import type { Effect } from './act-effects.server'
import { findOpening, type OpeningRow, say } from './event.server'
import { openingPhaseText } from './opening.text'

const destroyed = 'destroyed'

/** The first instant at which ciphertexts of a lot that failed may be destroyed: complaints are over by then. */
async function destroyableFrom(ctx: Ctx, { lot, edition }: FoundLot): Promise<Date> {
  const [failed] = await ctx.db
    .select({ at: notice.publishedAt })
    .from(notice)
    .where(and(eq(notice.lotId, lot.id), eq(notice.kind, 'failure')))
  const limit = edition.limits.find(one => one.subject === 'ciphertextDestroyedAt')!
  return boundOf(limit, failed?.at ?? ctx.now, await readCalendar(ctx.db)).instant
}

const filesOf = (ctx: Ctx, { lotId, round }: OpeningRow) =>
  ctx.db
    .select({
      id: bidFile.id,
      uploadId: bidFile.uploadId,
      problem: bidFile.problem,
      statement: bid.statementHash,
      root: bidFile.root,
    })
    .from(bidFile)
    .innerJoin(bid, eq(bid.id, bidFile.bidId))
    .where(and(eq(bid.lotId, lotId), eq(bid.round, round)))

/**
 * Destroys the ciphertexts of a lot that must not be opened, by two persons, once the time for complaints is over (crypto.md
 * §10.12). The log keeps which they were: their roots and the statements that named them.
 */
export const destroy: Effect = {
  check: ({ row }) =>
    refuseUnless(row.phase === 'aborted' && row.abortReason === 'submitted', 'wrong-state', {
      state: openingPhaseText[row.phase],
      event: '销毁密文',
    }),
  run: async (ctx, { found, row }) => {
    const from = await destroyableFrom(ctx, found)
    refuseUnless(ctx.now >= from, 'opening-not-due', { at: formatInstant(from) })
    const files = await filesOf(ctx, row)
    const ids = files.map(f => f.id)
    if (ids.length > 0) await ctx.db.update(bidFile).set({ problem: destroyed }).where(inArray(bidFile.id, ids))
    await promise(ctx, 'trading.lot.destroy-sealed', { lotId: row.lotId })
    await say(ctx, row, ['destroyed', { files: files.length }])
    return { files: files.map(({ statement, root }) => ({ statement, root })) }
  },
}

/** Removes what was decided to be destroyed; goes on where it was stopped. */
export async function destroySealed(ctx: Ctx, { lotId }: { lotId: string }): Promise<void> {
  const row = await findOpening(ctx, lotId)
  if (!row) return
  for (const file of await filesOf(ctx, row)) if (file.problem === destroyed) await removeSealed(ctx, file.uploadId)
}
