import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { readEvaluation, readReport } from './evaluation.read.server'
import { signScopeOf } from './sign-report.server'

/**
 * What a member signs: the report's text as it was hashed, and the fields of the statement. Refuses not-found to anybody but
 * the lot's members, and report-missing before the last sheet is handed in.
 */
export async function readSigning(ctx: Ctx, lotId: string) {
  const { lot, scoring, members, me } = await readEvaluation(ctx, lotId)
  const own = members.find(member => member.expertId === me)
  refuseUnless(own, 'not-found')
  const found = await findLot(ctx, lotId)
  const report = await readReport(ctx, found.lot)
  refuseUnless(report, 'report-missing')
  return {
    lot,
    scoring,
    members,
    code: own.code,
    answer: own.answer,
    reportText: report.content,
    scope: signScopeOf(ctx, found, report.hash),
    isSandbox: ctx.platform.config.isSandbox,
  }
}
