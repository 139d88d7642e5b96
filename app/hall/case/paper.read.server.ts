import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { readItem } from '../catalogue/catalogue.read.server'
import { readCase } from './case.read.server'

/** One paper of a case with who issued it, for the applicant or the desk. Refuses not-found, also for a step that issues none. */
export async function readPaper(ctx: Ctx, caseId: string, stepId: string) {
  const row = await readCase(ctx, caseId)
  const step = row.steps.find(s => s.id === stepId)
  if (!step?.paperNumber) throw new Refusal('not-found')
  const { organisationName } = await readItem(ctx, row.item.id)
  return { row, step, issuer: organisationName }
}
