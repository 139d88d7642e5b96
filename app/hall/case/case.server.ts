import { eq } from 'drizzle-orm'
import { hallCase } from '@/db/schema/hall/case'
import { serviceItem } from '@/db/schema/hall/catalogue'
import { command } from '~/platform/audit/command.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { nextNumber } from '~/platform/number/number.server'
import { closeJson } from '~/platform/vault/vault.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import { caseNumber, dueEvent, missingMaterials, noticeDue } from './case'
import type { NewCase, NewMaterial } from './case.form.server'
import { isApplicant } from './case.read.server'
import { addMaterials, givenCodes, retireMaterials } from './material.server'
import { applicantAbout, type CaseRow, type ItemRow, lockCase, moveCase, writeStep } from './step.server'

export interface SubmittedCase {
  id: string
  number: string
}

/** Hands in an application with its materials; the receipt carries its number. Refuses item-withdrawn, materials-missing, material-unknown and what files refuse. */
export const submitCase = command(
  'hall.apply',
  async (ctx, input: NewCase) => {
    const item = await currentItem(ctx, input.itemId)
    refuseMissing(
      item,
      input.materials.map(m => m.code),
    )
    const row = await insertCase(ctx, item, input)
    const materials = await addMaterials(ctx, row.id, item, input.materials)
    await writeStep(ctx, { row, item, action: 'submit', facts: { materials } })
    return { result: { id: row.id, number: row.number } satisfies SubmittedCase, entry: null }
  },
  'hall.case.submit',
)

async function currentItem(ctx: Ctx, itemId: string): Promise<ItemRow> {
  const [item] = await ctx.db.select().from(serviceItem).where(eq(serviceItem.id, itemId))
  if (!item) throw new Refusal('not-found')
  refuseUnless(!item.withdrawnAt, 'item-withdrawn', { item: item.name })
  return item
}

function refuseMissing(item: ItemRow, codes: string[]): void {
  const missing = missingMaterials(item.materials, codes)
  refuseUnless(missing.length === 0, 'materials-missing', { missing: missing.join('、') })
}

async function insertCase(ctx: Ctx, item: ItemRow, input: NewCase): Promise<CaseRow> {
  const actor = personOf(ctx)
  const day = dayOf(ctx.now)
  const calendar = await readCalendar(ctx.db)
  const notice = noticeDue(calendar, ctx.now)
  const id = crypto.randomUUID()
  const waiting = { state: 'submitted' as const, noticeDueOn: notice.day, promisedOn: null, overdueAt: null }
  const [row] = await ctx.db
    .insert(hallCase)
    .values({
      ...waiting,
      id,
      number: caseNumber(item.code, day, await nextNumber(ctx, `hall case ${item.code} ${day}`)),
      itemId: item.id,
      regionCode: item.regionCode,
      applicantPersonId: actor.personId,
      applicantOrganisationId: actor.organisationId,
      applicantBox: closeJson(ctx.platform.vault, applicantAbout(id), input.applicant),
      calendarVersion: calendar.version,
      submittedAt: ctx.now,
      receivedAt: ctx.now,
      isProvisional: notice.provisional,
      nextCheckAt: dueEvent(waiting)?.at ?? null,
    })
    .returning()
  return row!
}

/** The applicant supplies what was asked for; the notice limit counts anew from now (行政许可法 32 (5)). Refuses wrong-state, material-unknown, materials-missing. */
export const supplementCase = command(
  'hall.apply',
  async (ctx, { caseId, materials }: { caseId: string; materials: NewMaterial[] }) => {
    const { row, item } = await lockOwnCase(ctx, caseId)
    const notice = noticeDue(await readCalendar(ctx.db), ctx.now)
    const change = { receivedAt: ctx.now, noticeDueOn: notice.day, isProvisional: notice.provisional }
    const moved = await moveCase(ctx, row, 'supplement', change)
    await retireMaterials(
      ctx,
      caseId,
      materials.map(m => m.code),
    )
    const hashes = await addMaterials(ctx, caseId, item, materials)
    refuseMissing(item, await givenCodes(ctx, caseId))
    await writeStep(ctx, { row: moved, item, action: 'supplement', facts: { materials: hashes } })
    return { result: { state: moved.state }, entry: null }
  },
  'hall.case.supplement',
)

/** The applicant takes the application back while it is undecided. Refuses wrong-state. */
export const withdrawCase = command(
  'hall.apply',
  async (ctx, { caseId, text }: { caseId: string; text: string }) => {
    const { row, item } = await lockOwnCase(ctx, caseId)
    const moved = await moveCase(ctx, row, 'withdraw')
    await writeStep(ctx, { row: moved, item, action: 'withdraw', text })
    return { result: { state: moved.state }, entry: null }
  },
  'hall.case.withdraw',
)

async function lockOwnCase(ctx: Ctx, caseId: string) {
  const found = await lockCase(ctx, caseId)
  refuseUnless(isApplicant(ctx, found.row), 'not-found')
  return found
}
