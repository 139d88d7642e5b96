import { randomUUID } from 'node:crypto'
import { project } from '@/db/schema/trading/project'
import { readRegions } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { nextNumber } from '~/platform/number/number.server'
import { isCreditCode } from '~/shared/credit-code'
import { projectCodeOf } from '~/shared/deal-code'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import { ruleEdition } from '../rules/editions'
import type { ProjectInput } from './project.form.server'

/** Refuses an edition of another kind or method, one not yet in force, and 演练 outside the sandbox. */
function checkEdition(ctx: Ctx, input: ProjectInput): void {
  const edition = ruleEdition(input.edition)
  const refuse = (reason: string) => new Refusal('edition-not-offered', { edition: edition.name, reason, field: 'edition' })
  if (edition.kind !== input.kind || edition.method !== input.method) throw refuse('与所选交易类别、采购方式不符')
  if (edition.effectiveFrom > dayOf(ctx.now)) throw refuse(`自 ${edition.effectiveFrom} 起施行`)
  if (edition.anchors === 'sandbox' && !ctx.platform.config.isSandbox) throw refuse('演练版只能在演练环境使用')
}

function checkInput(ctx: Ctx, input: ProjectInput): void {
  checkEdition(ctx, input)
  const { creditCode } = input.tenderer
  refuseUnless(isCreditCode(creditCode), 'credit-code-invalid', { code: creditCode, field: 'tendererCode' })
  const province = `${input.regionCode.slice(0, 2)}0000`
  refuseUnless(
    readRegions().some(r => r.code === province),
    'region-unknown',
    { code: input.regionCode, field: 'regionCode' },
  )
  inScope(ctx, input)
}

/** Registers a tender project (招标项目) under the actor's organisation and pins the rules it is judged by; its number cannot be changed later. */
export const createProject = command('project.write', async (ctx, input: ProjectInput) => {
  checkInput(ctx, input)
  const calendar = await readCalendar(ctx.db)
  const serial = await nextNumber(ctx, 'project')
  const { tenderer, ...fields } = input
  const row = {
    ...fields,
    id: randomUUID(),
    code: projectCodeOf(ctx.platform.config.platformId, serial),
    calendarVersion: calendar.version,
    agencyId: personOf(ctx).organisationId,
    tendererName: tenderer.name,
    tendererCode: tenderer.creditCode,
    createdAt: ctx.now,
  }
  await ctx.db.insert(project).values(row)
  const facts = { project: row.id, code: row.code, name: row.name, edition: row.edition, calendar: row.calendarVersion }
  return { result: { id: row.id, code: row.code }, entry: { facts } }
})
