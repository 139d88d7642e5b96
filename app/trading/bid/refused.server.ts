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

const taken = 'the number was taken meanwhile'

interface Attempt {
  lotId: string
  statementHash: string
  refusal: Refusal
}

/** One try, in its own transaction; false when another refusal took the same number meanwhile. */
async function tryRecord(ctx: Ctx, { lotId, statementHash, refusal }: Attempt): Promise<boolean> {
  const [row] = await ctx.db.select({ round: lot.round }).from(lot).where(eq(lot.id, lotId))
  if (!row) return true
  const { organisationId, personId } = personOf(ctx)
  const earlier = await listOwnActs(ctx, { lotId, round: row.round, organisationId }, 'refused')
  if (earlier.length >= mostPerLot) return true
  const { code, facts, text } = refusal
  const at = ctx.now.toISOString()
  const payload = {
    t: 'tbid/entry.refuse@1',
    lot: lotId,
    org: organisationId,
    statement: statementHash,
    code,
    at,
    address: ctx.address,
  }
  const { entryId } = await append(ctx, 'bid.refuse', { sealed: true, payload })
  const about = { lotId, round: row.round, organisationId, personId, at, entryId, statementHash }
  return keepAct(ctx, earlier.length + 1, { kind: 'refused', ...about, code, facts, text, address: ctx.address })
}

/** Records a refused commit in a box and as a sealed log entry: time, reason, hash of the statement (条例 36). */
export async function recordRefusal(ctx: Ctx, attempt: Attempt): Promise<void> {
  if (unrecorded.includes(attempt.refusal.code)) return
  for (let tries = 0; tries < 5; tries++) {
    const isKept = await ctx.platform.database.db
      .transaction(async tx => {
        const kept = await tryRecord({ ...ctx, db: tx, now: await tradeClock(tx) }, attempt)
        if (!kept) throw new Error(taken)
        return true
      })
      .catch((error: unknown) => {
        if (error instanceof Error && error.message === taken) return false
        throw error
      })
    if (isKept) return ctx.platform.sequencer.nudge()
  }
}
