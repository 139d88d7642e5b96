import { evaluationSignature } from '@/db/schema/trading/evaluation'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { type FoundLot, findLot, lockLot } from '../lot/find-lot.server'
import type { LotRow } from '../project/project.read.server'
import type { SignatureInput } from './evaluation.form.server'
import { listSignatures, readReport } from './evaluation.read.server'
import { listWhole, ownSeat } from './seat.server'
import { type SignScope, signStatement } from './sign-text'

/** What the words of this lot's members are about. */
export const signScopeOf = (ctx: Ctx, { lot, project }: Pick<FoundLot, 'lot' | 'project'>, reportHash: string): SignScope => ({
  platform: ctx.platform.config.platformId,
  project: project.id,
  lot: lot.id,
  round: lot.round,
  reportHash,
})

async function alreadySigned(ctx: Ctx, lot: LotRow, expertId: string): Promise<Refusal> {
  const own = (await listSignatures(ctx, lot)).find(one => one.expertId === expertId)
  return new Refusal('already-done', { what: '报告签署', at: own ? formatInstant(own.at) : '' })
}

/**
 * A member's word on the report: signed, dissent in writing, or refusal, which counts as agreement where no reason is
 * written (条例 53; 财政部令第87号 61). The signature is by the member's own key, certified on arrival.
 */
export const signReport = command(
  'evaluation.act',
  async (ctx, { lotId, answer, reason, cms }: SignatureInput) => {
    const { lot, project } = await lockLot(ctx, lotId)
    const { expertId } = await ownSeat(ctx, lotId)
    refuseUnless(lot.state === 'evaluating', 'wrong-state', { state: '未在评标', event: '签署报告' })
    const report = await readReport(ctx, lot)
    refuseUnless(report, 'report-missing')
    const scope = signScopeOf(ctx, { lot, project }, report.hash)
    const statement = signStatement(scope, { answer, reason })
    await verifySigned(ctx, { content: statement, cms, personId: personOf(ctx).personId })
    const row = {
      lotId,
      round: lot.round,
      expertId,
      answer,
      reason,
      statement,
      cms: new Uint8Array(Buffer.from(cms, 'base64')),
      at: ctx.now,
    }
    const made = await ctx.db
      .insert(evaluationSignature)
      .values(row)
      .onConflictDoNothing()
      .returning({ at: evaluationSignature.at })
    if (made.length === 0) throw await alreadySigned(ctx, lot, expertId)
    return { result: { answer }, entry: { lotId, facts: { expert: expertId, answer, reason, reportHash: report.hash } } }
  },
  'evaluation.sign',
)

/** Whether every seated member has said a word on the report. */
export async function isSigned(ctx: Ctx, lotId: string): Promise<boolean> {
  const { lot } = await findLot(ctx, lotId)
  const [members, signatures] = [await listWhole(ctx, lotId), await listSignatures(ctx, lot)]
  return (
    members !== null && members.length > 0 && members.every(member => signatures.some(one => one.expertId === member.expertId))
  )
}
