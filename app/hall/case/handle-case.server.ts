import { command } from '~/platform/audit/command.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatMinute } from '~/shared/time'
import { limitsOf } from './case'
import { type CaseRow, type ItemRow, lockCase, moveCase, writeStep } from './step.server'

async function lockDeskCase(ctx: Ctx, caseId: string) {
  const found = await lockCase(ctx, caseId)
  inScope(ctx, found.row)
  return found
}

const accept = async (ctx: Ctx, row: CaseRow, item: ItemRow): Promise<CaseRow> => {
  const limits = limitsOf(await readCalendar(ctx.db), ctx.now, item)
  return moveCase(ctx, row, 'accept', { ...limits, acceptedAt: ctx.now, receiverId: personOf(ctx).personId })
}

export interface Acceptance {
  caseId: string
  decision: 'accept' | 'correct' | 'refuse'
  /** All defects, or the reason with its basis. */
  text: string
}

/**
 * Answers an application: accept, tell all defects at once, or not accept (行政许可法 32).
 * Refuses wrong-state, and corrected-once for a second correction.
 */
export const answerCase = command(
  'hall.handle',
  async (ctx, { caseId, decision, text }: Acceptance) => {
    const { row, item } = await lockDeskCase(ctx, caseId)
    if (decision === 'accept') {
      const moved = await accept(ctx, row, item)
      await writeStep(ctx, {
        row: moved,
        item,
        action: 'accept',
        text,
        facts: { promisedOn: moved.promisedOn, legalDueOn: moved.legalDueOn },
      })
      return { result: { state: moved.state }, entry: null }
    }
    if (decision === 'correct' && row.correctionAskedAt) {
      throw new Refusal('corrected-once', { at: formatMinute(row.correctionAskedAt), field: 'decision' })
    }
    const event = decision === 'correct' ? 'ask-correction' : 'reject'
    const change = {
      receiverId: personOf(ctx).personId,
      ...(decision === 'correct' ? { correctionAskedAt: ctx.now } : { decidedAt: ctx.now }),
    }
    const moved = await moveCase(ctx, row, event, change)
    await writeStep(ctx, { row: moved, item, action: event, text })
    return { result: { state: moved.state }, entry: null }
  },
  'hall.case.answer',
)

export interface Decision {
  caseId: string
  approve: boolean
  /** Where refused: facts, reason, basis and what could be corrected. */
  text: string
}

const remedies = '不服本决定的，可自收到之日起六十日内申请行政复议，或六个月内提起行政诉讼（《行政许可法》第三十八条）。'

/** Decides an accepted case, by somebody else than who accepted it. A refusal names the remedies (行政许可法 38). Refuses wrong-state, same-person. */
export const decideCase = command(
  'hall.handle',
  async (ctx, { caseId, approve, text }: Decision) => {
    const { row, item } = await lockDeskCase(ctx, caseId)
    const { personId } = personOf(ctx)
    refuseUnless(row.receiverId !== personId, 'same-person')
    const event = approve ? 'approve' : 'refuse'
    const moved = await moveCase(ctx, row, event, { approverId: personId, decidedAt: ctx.now })
    await writeStep(ctx, { row: moved, item, action: event, text: approve ? text : `${text}\n${remedies}` })
    return { result: { state: moved.state }, entry: null }
  },
  'hall.case.decide',
)
