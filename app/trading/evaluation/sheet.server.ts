import { z } from 'zod'
import type { Ctx } from '~/platform/ctx'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { readEvaluation } from './evaluation.read.server'
import { markCompliance, markScore } from './mark.server'

/** The posted sheet: pass.CODE, reason.CODE, score.CODE. Which codes there are is the lot's own matter. */
export const sheetForm = z.record(z.string().max(64), z.string().max(2_000))
type SheetInput = z.output<typeof sheetForm>

/** One bid with the expert's own marks; refuses not-found for a bid that is not being evaluated. */
export async function readSheet(ctx: Ctx, { lotId, bidId }: { lotId: string; bidId: string }) {
  const { lot, scoring, bids, compliance, scores } = await readEvaluation(ctx, lotId)
  const bid = bids.find(one => one.id === bidId)
  refuseUnless(bid, 'not-found')
  const own = <T extends { bidId: string }>(marks: T[]) => marks.filter(mark => mark.bidId === bidId)
  return { lot, scoring, bid, compliance: own(compliance), scores: own(scores) }
}

/** A refusal that names the field it is about, so that the page shows it there. */
async function atField<T>(field: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'sheet-locked') throw new Refusal(error.code, { ...error.facts, field })
    throw error
  }
}

/** Keeps what was filled in; what was left empty stays as it was. */
export async function keepSheet(
  ctx: Ctx,
  { lotId, bidId, input }: { lotId: string; bidId: string; input: SheetInput },
): Promise<void> {
  const { scoring } = await readSheet(ctx, { lotId, bidId })
  for (const { code } of scoring.compliance) {
    const pass = input[`pass.${code}`]
    const reason = (input[`reason.${code}`] ?? '').trim()
    if (pass === 'fail' && reason === '')
      throw new Refusal('bad-input', { reason: '不通过的，请写明依据和所在页码', field: `reason.${code}` })
    if (pass)
      await atField(`pass.${code}`, () => markCompliance(ctx, { lotId, bidId, item: code, pass: pass === 'pass', reason }))
  }
  for (const { code } of scoring.items) {
    const score = (input[`score.${code}`] ?? '').trim()
    if (score) await atField(`score.${code}`, () => markScore(ctx, { lotId, bidId, item: code, score }))
  }
}
