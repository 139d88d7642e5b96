import { createHash } from 'node:crypto'
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { messageText, readMessage } from '@/crypto/messages'
import { bid } from '@/db/schema/trading/bid'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { opening } from '@/db/schema/trading/opening'
import { recordRoom } from '@/db/schema/trading/opening-act'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { refuseUnless } from '~/shared/refusal'
import { firstStageOf, stagesOf } from '../custody/policy'
import type { Effect, Hall } from './act-effects.server'
import { type CountedBid, listCounted } from './count.server'
import { changeOpening, moveOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import { openingEventText, openingPhaseText } from './opening.text'

const second = stagesOf(2)[1]!.stage

type Reviewed = { passed: CountedBid[]; left: CountedBid[] }

/** Whether the committee has made its report without the prices: fewer passed than the law lets go on with (tender-rules 1.5). */
async function isDecided(ctx: Ctx, { lotId, round }: OpeningRow): Promise<boolean> {
  const own = and(eq(evaluationReport.lotId, lotId), eq(evaluationReport.round, round))
  return (await ctx.db.select({ hash: evaluationReport.hash }).from(evaluationReport).where(own)).length > 0
}

/** Who passed the review of the first envelope and who did not; null until the committee has reviewed every opened bid, and where nothing more is to be opened. */
async function readReviewed(ctx: Ctx, row: OpeningRow): Promise<Reviewed | null> {
  if (await isDecided(ctx, row)) return null
  const opened = (await listCounted(ctx, row)).filter(b => b.bid.state === 'decrypted')
  if (opened.some(b => b.bid.firstEnvelope === null)) return null
  const [passed, left] = [
    opened.filter(b => b.bid.firstEnvelope === 'passed'),
    opened.filter(b => b.bid.firstEnvelope === 'rejected'),
  ]
  return passed.length > 0 ? { passed, left } : null
}

const idsOf = (bids: CountedBid[]) => bids.map(b => b.bid.id)
const statementsOf = (bids: CountedBid[]) => bids.map(b => b.bid.statementHash)

/** Of the bids that passed the second envelope is locked and waits for its keys; of the others it stays sealed for good. */
async function lockSecond(ctx: Ctx, { passed, left }: Reviewed): Promise<void> {
  await ctx.db
    .update(bid)
    .set({ state: 'locked' })
    .where(inArray(bid.id, idsOf(passed)))
  if (left.length > 0)
    await ctx.db
      .update(bid)
      .set({ state: 'unopened' })
      .where(inArray(bid.id, idsOf(left)))
}

/** The entry on which holders of keys give out the second stage: who passed, whose envelope stays sealed. */
async function logEnvelope(ctx: Ctx, { found, row }: Hall, { passed, left }: Reviewed): Promise<string> {
  const text = messageText({
    t: 'tbid/envelope@1',
    platform: ctx.platform.config.platformId,
    project: found.project.id,
    lot: row.lotId,
    round: row.round,
    stage: second,
    passed: statementsOf(passed),
    unopened: statementsOf(left),
  })
  const { entryId } = await append(ctx, 'opening.envelope', {
    lotId: row.lotId,
    payload: { ...readMessage('tbid/envelope@1', text) },
  })
  return entryId
}

/** What begins anew: the next sitting has its own windows, its own record and its own signatures. */
const anew = {
  releaseOpenedAt: null,
  releaseBasis: null,
  releaseEndsAt: null,
  twinEndsAt: null,
  twinClosedAt: null,
  objectionEndsAt: null,
  confirmEndsAt: null,
  signEndsAt: null,
  recordPayload: null,
  recordHash: null,
  recordFileId: null,
  recordVersion: 0,
  resumesAt: null,
}

/** The sittings that an opening has had, the last as it is, and the first of two (双信封) with the record that was frozen in it. */
export function sittingsOf(row: OpeningRow): OpeningRow[] {
  const recordPayload = row.firstRecordPayload
  if (recordPayload === null) return [row]
  const recordHash = createHash('sha256').update(recordPayload).digest('hex')
  return [{ ...row, stage: firstStageOf(2), recordPayload, recordHash }, row]
}

async function openSecond(ctx: Ctx, hall: Hall): Promise<{ nos: number[]; left: number[] }> {
  const { row } = hall
  const reviewed = await readReviewed(ctx, row)
  refuseUnless(reviewed, 'envelope-not-reviewed')
  await lockSecond(ctx, reviewed)
  await ctx.db.delete(recordRoom).where(and(eq(recordRoom.lotId, row.lotId), eq(recordRoom.round, row.round)))
  const envelopeEntryId = await logEnvelope(ctx, hall, reviewed)
  const passedBidIds = idsOf(reviewed.passed)
  await moveOpening(ctx, row, 'open-envelope', {
    ...anew,
    firstRecordPayload: row.recordPayload,
    stage: second,
    passedBidIds,
    envelopeEntryId,
    nextCheckAt: ctx.now,
  })
  const told = { nos: reviewed.passed.map(b => b.no), left: reviewed.left.map(b => b.no) }
  await say(ctx, row, ['envelope', told])
  return told
}

/**
 * Calls the second envelope (开启第二信封), for now or for a time that everybody is told: only once the committee has reviewed
 * the first. Until it is opened no key of it is taken; who passed is announced when it is opened.
 */
export const callEnvelope: Effect = {
  check: async ({ row }, ctx) => {
    const event = openingEventText['open-envelope']
    refuseUnless(row.phase === 'intermission', 'wrong-state', { state: openingPhaseText[row.phase], event })
    refuseUnless(await readReviewed(ctx, row), 'envelope-not-reviewed')
  },
  run: async (ctx, hall, { by, reason, wish }) => {
    const opensAt = wish.resumesAt ? new Date(wish.resumesAt) : ctx.now
    if (opensAt <= ctx.now) return openSecond(ctx, hall)
    await changeOpening(ctx, hall.row, { resumesAt: opensAt })
    await say(ctx, hall.row, ['scheduled', { at: opensAt.toISOString(), by, reason }])
    return { opensAt: opensAt.toISOString() }
  },
}

/** The clock's step between the envelopes: opens the second at the time it was called for. */
export const openCalled = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    const isDue = row.phase === 'intermission' && row.resumesAt !== null && ctx.now >= row.resumesAt
    if (isDue) await openSecond(ctx, { found, row })
    return { result: null, entry: null }
  },
  'opening.open-envelope',
)

/** Gives the entries that open second envelopes their index and covers them with a public checkpoint, which the witness is to cosign. */
export async function publishEnvelopes(ctx: Ctx): Promise<void> {
  const waiting = and(isNotNull(opening.envelopeEntryId), isNull(opening.envelopeIdx))
  const [one] = await ctx.db.select({ id: opening.id }).from(opening).where(waiting).limit(1)
  if (!one) return
  await ctx.platform.sequencer.publish()
  await ctx.db.execute(sql`
    update opening o set envelope_idx = p.idx, next_check_at = null from log_payload p
    where o.envelope_idx is null and p.entry_id = o.envelope_entry_id`)
}
