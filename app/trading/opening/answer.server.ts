import { and, eq } from 'drizzle-orm'
import { openingConfirmation } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { ownedBy, personOf } from '~/platform/identity/authorise.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { append } from '~/platform/log/append.server'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds } from '~/shared/time'
import { type FoundLot, findLot } from '../lot/find-lot.server'
import { type AnswerScope, answerTextOf, type GivenAnswer } from './answer-text'
import { type CountedBid, listCounted } from './count.server'
import { isAwaited, sittingOf } from './envelope'
import { findOpening, moveOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import { openingPhaseText } from './opening.text'

export type AnswerInput = { lotId: string; answer: 'no-objection' | 'objection'; text: string; cms: Uint8Array }

/** Whom and what an answer is about. */
export const answerScope = (ctx: Ctx, { lot, project }: FoundLot, row: OpeningRow, org: string): AnswerScope => ({
  platform: ctx.platform.config.platformId,
  project: project.id,
  lot: lot.id,
  round: row.round,
  org,
  recordHash: row.recordHash ?? '',
})

/** The canonical text of an organisation's answer: what its CMS is over. */
export const answerText = (ctx: Ctx, found: FoundLot, row: OpeningRow, org: string, input: GivenAnswer): string =>
  answerTextOf(answerScope(ctx, found, row, org), input)

/** Words on the record of this sitting: of two envelopes (双信封) each has its own. */
export const ofSitting = (row: OpeningRow) =>
  and(
    eq(openingConfirmation.lotId, row.lotId),
    eq(openingConfirmation.round, row.round),
    eq(openingConfirmation.stage, sittingOf(row)),
  )

/** Every word on the record so far. */
export const listAnswers = (ctx: Ctx, row: OpeningRow) => ctx.db.select().from(openingConfirmation).where(ofSitting(row))

const hasSpoken = (answers: { organisationId: string }[], { bid }: CountedBid) =>
  answers.some(a => a.organisationId === bid.organisationId)

function refuseClosed(row: OpeningRow): void {
  const isOpen = row.phase === 'objecting' || row.phase === 'confirming'
  refuseUnless(isOpen, 'answers-closed', { phase: openingPhaseText[row.phase] })
}

const keepAnswer = command(
  'opening.confirm',
  async (ctx, input: AnswerInput) => {
    const { found, row } = await lockHall(ctx, input.lotId)
    refuseClosed(row)
    const { organisationId } = personOf(ctx)
    const bids = await listCounted(ctx, row)
    const own = bids.find(b => b.bid.organisationId === organisationId)
    refuseUnless(own, 'no-bid')
    const { answer, text, cms } = input
    const values = { lotId: input.lotId, round: row.round, stage: sittingOf(row), organisationId, answer, text, cms, at: ctx.now }
    const inserted = await ctx.db.insert(openingConfirmation).values(values).onConflictDoNothing().returning()
    if (inserted.length === 0) {
      const [before] = await ctx.db
        .select()
        .from(openingConfirmation)
        .where(and(ofSitting(row), eq(openingConfirmation.organisationId, organisationId)))
      refuseUnless(before?.answer === answer && before.text === text, 'changed-meanwhile')
      return { result: { answer }, entry: null }
    }
    await append(ctx, 'opening.confirm', {
      lotId: input.lotId,
      facts: { org: organisationId, recordHash: row.recordHash, answer, text },
    })
    await say(ctx, row, ['answered', { no: own.no, answer, text }])
    await advanceAnswers(ctx, found, row, bids)
    return { result: { answer }, entry: null }
  },
  'opening.confirm',
)

/**
 * A bidder's signed word on the record: no objection, or an objection with its reason, which the host answers on the spot
 * (《招标投标法实施条例》44). Once given it stands; the same one again is the same one.
 */
export async function answerRecord(ctx: Ctx, input: AnswerInput): Promise<{ answer: string }> {
  const [found, row] = [await findLot(ctx, input.lotId), await findOpening(ctx, input.lotId)]
  refuseUnless(row, 'answers-closed', { phase: '未开标' })
  refuseClosed(row)
  const { organisationId } = personOf(ctx)
  const content = Buffer.from(answerText(ctx, found, row, organisationId, input))
  await verifySigned(ctx, { content, cms: input.cms, organisationId })
  return keepAnswer(ctx, input)
}

/** The host's answer to an objection. */
export const replyObjection = command(
  'opening.host',
  async (ctx, { lotId, organisationId, text }: { lotId: string; organisationId: string; text: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    ownedBy(ctx, found.project.agencyId)
    refuseClosed(row)
    const objected = and(
      ofSitting(row),
      eq(openingConfirmation.organisationId, organisationId),
      eq(openingConfirmation.answer, 'objection'),
    )
    const changed = await ctx.db.update(openingConfirmation).set({ reply: text }).where(objected).returning()
    refuseUnless(changed.length > 0, 'not-found')
    const bids = await listCounted(ctx, row)
    const no = bids.find(b => b.bid.organisationId === organisationId)!.no
    await say(ctx, row, ['replied', { no, text }])
    await advanceAnswers(ctx, found, row, bids)
    return { result: null, entry: { lotId, facts: { org: organisationId, text } } }
  },
  'opening.reply',
)

/** The objection step ends when its time is over, or when everybody has spoken. */
async function endObjections(ctx: Ctx, found: FoundLot, row: OpeningRow, allSpoke: boolean): Promise<OpeningRow> {
  if (row.phase !== 'objecting' || (!allSpoke && ctx.now < row.objectionEndsAt!)) return row
  const confirmEndsAt = addSeconds(ctx.now, found.edition.opening.confirmationSeconds)
  const moved = await moveOpening(ctx, row, 'end-objections', { confirmEndsAt })
  await say(ctx, row, ['confirming', { endsAt: confirmEndsAt.toISOString() }])
  return moved
}

async function recordSilence(ctx: Ctx, row: OpeningRow, silent: CountedBid[]): Promise<void> {
  const values = silent.map(({ bid }) => ({
    lotId: row.lotId,
    round: row.round,
    stage: sittingOf(row),
    organisationId: bid.organisationId,
    answer: 'silent' as const,
    at: ctx.now,
  }))
  if (values.length > 0) await ctx.db.insert(openingConfirmation).values(values)
  for (const { no } of silent) await say(ctx, row, ['answered', { no, answer: 'silent', text: '' }])
}

/**
 * Moves on when everybody has spoken and every objection has its answer, or when the time is over; who said nothing is
 * recorded as silent (财政部令第87号 42: absent means the result is accepted), and only where a word was awaited.
 */
async function advanceAnswers(ctx: Ctx, found: FoundLot, row: OpeningRow, bids: CountedBid[]): Promise<void> {
  const answers = await listAnswers(ctx, row)
  const silent = bids.filter(b => isAwaited(row, b.bid.id) && !hasSpoken(answers, b))
  // Every counted bidder may speak, but nobody waits for one whose bid was not opened.
  const allSpoke = silent.every(b => b.bid.state !== 'decrypted')
  const isAnswered = answers.every(a => a.answer !== 'objection' || a.reply !== null)
  const moved = await endObjections(ctx, found, row, allSpoke && isAnswered)
  if (moved.phase !== 'confirming') return
  const isOver = ctx.now >= moved.confirmEndsAt!
  if (!isOver && !(allSpoke && isAnswered)) return
  await recordSilence(ctx, moved, silent)
  await moveOpening(ctx, moved, 'end-confirmations')
  await append(ctx, 'opening.confirmed', { lotId: row.lotId, facts: { recordHash: row.recordHash, silent: silent.length } })
  await say(ctx, row, ['recording', {}])
}

/** As `advanceAnswers`, for the clock. */
export const settleAnswers = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    if (row.phase === 'objecting' || row.phase === 'confirming')
      await advanceAnswers(ctx, found, row, await listCounted(ctx, row))
    return { result: null, entry: null }
  },
  'opening.settle-answers',
)
