import { eq } from 'drizzle-orm'
import { lot } from '@/db/schema/trading/project'
import { tradeClock } from '~/platform/audit/clock.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { append } from '~/platform/log/append.server'
import type { Refusal } from '~/shared/refusal'
import type { RefusalCode } from '~/shared/refusal.text'
import { keepAct, listOwnActs } from './sealed-act.server'

/** Not acts on a bid but requests about nothing, or to be asked again: nothing to record. */
const unrecorded: RefusalCode[] = ['not-found', 'not-signed-in', 'not-allowed', 'changed-meanwhile', 'bad-input', 'too-many']

/** More than anybody needs; beyond it the answer stays the same, unrecorded, so that nobody can fill the log. */
const mostPerLot = 200

/** Records a refused commit in a box and as a sealed log entry: time, reason, hash of the statement (条例 36). */
export async function recordRefusal(ctx: Ctx, lotId: string, statementHash: string, refusal: Refusal): Promise<void> {
  if (unrecorded.includes(refusal.code)) return
  const { organisationId, personId } = personOf(ctx)
  await ctx.platform.database.db
    .transaction(async tx => {
      const inner = { ...ctx, db: tx, now: await tradeClock(tx) }
      const [row] = await tx.select({ round: lot.round }).from(lot).where(eq(lot.id, lotId))
      if (!row) return
      const earlier = await listOwnActs(inner, { lotId, round: row.round, organisationId }, 'refused')
      if (earlier.length >= mostPerLot) return
      const { code, facts, text } = refusal
      const at = inner.now.toISOString()
      const payload = { t: 'tbid/entry.refuse@1', lot: lotId, org: organisationId, statement: statementHash, code, at }
      const { entryId } = await append(inner, 'bid.refuse', { sealed: true, payload })
      const box = {
        kind: 'refused' as const,
        lotId,
        round: row.round,
        organisationId,
        personId,
        at,
        entryId,
        statementHash,
        code,
        facts,
        text,
      }
      // Two refusals at once may want one number; the answer is given either way.
      if (!(await keepAct(inner, earlier.length + 1, box))) tx.rollback()
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'TransactionRollbackError')) throw error
    })
  ctx.platform.sequencer.nudge()
}
