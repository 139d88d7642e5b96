import { and, eq, isNotNull } from 'drizzle-orm'
import { messageHash } from '@/crypto/messages'
import { lot } from '@/db/schema/trading/project'
import { tradeClock } from '~/platform/audit/clock.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { append } from '~/platform/log/append.server'
import { Refusal } from '~/shared/refusal'
import type { RefusalCode } from '~/shared/refusal.text'
import { countOwnActs, keepAct } from './sealed-act.server'

/** No attempts to deliver: whoever may not ask, and what is to be asked again. */
const unrecorded: RefusalCode[] = ['not-signed-in', 'not-allowed', 'changed-meanwhile', 'too-many']

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
  const isAnnounced = and(eq(lot.id, lotId), isNotNull(lot.biddingStartsAt))
  const [row] = await ctx.db.select({ round: lot.round }).from(lot).where(isAnnounced)
  if (!row) return true
  const { organisationId, personId } = personOf(ctx)
  const earlier = await countOwnActs(ctx, { lotId, round: row.round, organisationId }, 'refused', mostPerLot)
  if (earlier >= mostPerLot) return true
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
  return keepAct(ctx, earlier + 1, { kind: 'refused', ...about, code, facts, text, address: ctx.address })
}

async function recordOnce(ctx: Ctx, attempt: Attempt): Promise<void> {
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
  throw new Error(taken)
}

/**
 * Records a refused commit in a box and as a sealed log entry: time, reason, address, hash of the statement (条例 36). Never throws:
 * the refusal itself is what the bidder must hear.
 */
export async function recordRefusal(ctx: Ctx, attempt: Attempt): Promise<void> {
  const { code } = attempt.refusal
  if (unrecorded.includes(code)) return
  // Neither lot nor bidder may stand in the process's log before opening: the code alone says what could not be kept.
  await recordOnce(ctx, attempt).catch(() =>
    recordOnce(ctx, attempt).catch(() => ctx.platform.logger.error({ code }, 'a refused commit could not be recorded')),
  )
}

/** What came as a commit but cannot be read: recorded like every other attempt, by the hash of what came; gives the refusal to answer. */
export async function refuseUnreadable(ctx: Ctx, lotId: string, came: string, reason: string): Promise<Refusal> {
  const refusal = new Refusal('statement-malformed', { reason })
  await recordRefusal(ctx, { lotId, statementHash: messageHash(came), refusal })
  return refusal
}
