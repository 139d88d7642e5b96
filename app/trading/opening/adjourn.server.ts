import type { Ctx } from '~/platform/ctx'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { addSeconds, formatInstant } from '~/shared/time'
import type { ActDone } from './act'
import type { Effect, Hall, Proposed } from './act-effects.server'
import { changeOpening, moveOpening, type OpeningRow, say } from './event.server'
import { finishReading } from './finish-reading.server'
import { type Adjournable, adjournable, endColumn, endOf, openingFlow } from './opening'
import { openingEventText, openingPhaseText } from './opening.text'

const wrongState = (row: OpeningRow, event: keyof typeof openingEventText) =>
  new Refusal('wrong-state', { state: openingPhaseText[row.phase], event: openingEventText[event] })

/** Seconds left of the time under way, or null where none is running. */
function leftOf(ctx: Ctx, row: OpeningRow): number | null {
  const end = endOf(row.phase, row)
  return end ? Math.max(0, Math.ceil((end.getTime() - ctx.now.getTime()) / 1_000)) : null
}

/**
 * Stops an opening (休会): every time stands still, and no release or word is taken until it goes on. What was unlocked before
 * is still read out; nothing is decided by the clock.
 */
export const adjourn: Effect = {
  check: ({ row }) => refuseUnless(openingFlow[row.phase].adjourn, 'wrong-state', stateFacts(row, 'adjourn')),
  run: async (ctx, { row }, { cause, reason, by, wish }): Promise<ActDone> => {
    const resumesAt = wish.resumesAt ? new Date(wish.resumesAt) : null
    refuseUnless(!resumesAt || resumesAt > ctx.now, 'bad-input', { reason: '复会时间应在现在之后' })
    const leftSeconds = leftOf(ctx, row)
    const stopped = row.phase === 'releasing' ? { releaseEndsAt: null } : {}
    await moveOpening(ctx, row, 'adjourn', { ...stopped, adjournedFrom: row.phase, leftSeconds, resumesAt })
    const facts = { from: row.phase, cause, reason, by, resumesAt: resumesAt?.toISOString() ?? null }
    await say(ctx, row, ['adjourned', facts])
    return { from: row.phase, leftSeconds, resumesAt: facts.resumesAt }
  },
}

const stateFacts = (row: OpeningRow, event: keyof typeof openingEventText) => wrongState(row, event).facts

const isAdjournable = (phase: string | null): phase is Adjournable => adjournable.some(one => one === phase)

/** Times go on with what was left of them. */
function endAfter(ctx: Ctx, phase: Adjournable, left: number | null) {
  if (phase === 'intermission' || left === null) return { end: null, change: {} }
  const end = addSeconds(ctx.now, left)
  return { end, change: { [endColumn[phase]]: end } }
}

async function goOn(ctx: Ctx, { found, row }: Hall, { reason, by }: Proposed): Promise<ActDone> {
  const phase = row.adjournedFrom
  if (!isAdjournable(phase)) throw wrongState(row, 'resume-reading')
  const { end, change } = endAfter(ctx, phase, row.leftSeconds)
  const stopped = { adjournedFrom: null, leftSeconds: null, resumesAt: null }
  const moved = await moveOpening(ctx, row, `resume-${phase}`, { ...change, ...stopped })
  await say(ctx, row, ['resumed', { phase, endsAt: end?.toISOString() ?? null, reason, by }])
  if (phase === 'reading') await finishReading(ctx, found, moved)
  // Every key may have come before it was stopped: the clock looks at once.
  else if (phase === 'releasing' && end) await changeOpening(ctx, moved, { nextCheckAt: ctx.now })
  return { phase, endsAt: end?.toISOString() ?? null }
}

/** Goes on (复会), not before the time that was announced. */
export const resume: Effect = {
  check: ({ row }) => refuseUnless(row.phase === 'adjourned', 'wrong-state', stateFacts(row, 'resume-reading')),
  run: async (ctx, hall, proposed) => {
    const { resumesAt } = hall.row
    refuseUnless(!resumesAt || ctx.now >= resumesAt, 'opening-not-due', { at: resumesAt ? formatInstant(resumesAt) : '' })
    return goOn(ctx, hall, proposed)
  },
}
