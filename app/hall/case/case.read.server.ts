import { and, asc, desc, eq, inArray, isNull, or } from 'drizzle-orm'
import { hallCase, hallMaterial, hallStep } from '@/db/schema/hall/case'
import { serviceItem } from '@/db/schema/hall/catalogue'
import { rating } from '@/db/schema/hall/rating'
import { storedFile } from '@/db/schema/platform/files'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { readFileRow } from '~/platform/files/file.server'
import { inScope, isAllowed, personOf } from '~/platform/identity/authorise.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { isFinished, lightOf } from './case'
import { applicantOf, type CaseRow } from './step.server'

/** Whether the actor handed this case in: the person, or for organisations a colleague. */
export function isApplicant(ctx: Ctx, row: Pick<CaseRow, 'applicantPersonId' | 'applicantOrganisationId'>): boolean {
  const { personId, organisationId, role } = personOf(ctx)
  if (row.applicantPersonId === personId) return true
  return role !== 'citizen' && role !== 'hall-staff' && row.applicantOrganisationId === organisationId
}

/** Refuses not-found to anybody but the applicant and the desk of the region. */
export function mayRead(ctx: Ctx, row: CaseRow): 'applicant' | 'desk' {
  if (isAllowed(ctx.actor, 'hall.handle')) {
    inScope(ctx, row)
    return 'desk'
  }
  refuseUnless(isApplicant(ctx, row), 'not-found')
  return 'applicant'
}

async function readRow(ctx: Ctx, caseId: string) {
  const [found] = await ctx.db
    .select({ row: hallCase, item: serviceItem })
    .from(hallCase)
    .innerJoin(serviceItem, eq(serviceItem.id, hallCase.itemId))
    .where(eq(hallCase.id, caseId))
  if (!found) throw new Refusal('not-found')
  return { ...found, as: mayRead(ctx, found.row) }
}

const stepsOf = (ctx: Ctx, caseId: string) =>
  ctx.db
    .select({
      id: hallStep.id,
      action: hallStep.action,
      text: hallStep.text,
      paperNumber: hallStep.paperNumber,
      actorName: hallStep.actorName,
      at: hallStep.at,
    })
    .from(hallStep)
    .where(eq(hallStep.caseId, caseId))
    .orderBy(asc(hallStep.ordinal))

const materialsOf = (ctx: Ctx, caseId: string) =>
  ctx.db
    .select({
      code: hallMaterial.code,
      fileId: storedFile.id,
      name: storedFile.name,
      size: storedFile.size,
      sha256: storedFile.sha256,
    })
    .from(hallMaterial)
    .innerJoin(storedFile, eq(storedFile.id, hallMaterial.fileId))
    .where(and(eq(hallMaterial.caseId, caseId), isNull(hallMaterial.replacedAt)))
    .orderBy(asc(hallMaterial.code))

/** One case with its steps and materials, for its applicant or the desk. Refuses not-found. Its rating is shown to who gave it only. */
export async function readCase(ctx: Ctx, caseId: string) {
  const { row, item, as } = await readRow(ctx, caseId)
  const { applicantBox: _box, nextCheckAt: _next, ...facts } = row
  const [steps, materials, calendar, [rated]] = [
    await stepsOf(ctx, caseId),
    await materialsOf(ctx, caseId),
    await readCalendar(ctx.db),
    as === 'applicant' ? await ctx.db.select().from(rating).where(eq(rating.caseId, caseId)) : [],
  ]
  const dueOn = row.state === 'submitted' ? row.noticeDueOn : row.state === 'accepted' ? row.promisedOn : null
  return {
    ...facts,
    item: {
      id: item.id,
      code: item.code,
      name: item.name,
      promisedDays: item.promisedDays,
      legalDays: item.legalDays,
      materials: item.materials,
    },
    applicant: applicantOf(ctx, row),
    steps,
    materials,
    rating: rated ? { stars: rated.stars, text: rated.text, ratedAt: rated.ratedAt } : null,
    isFinished: isFinished(row.state),
    dueOn,
    light: dueOn ? lightOf(calendar, ctx.now, dueOn) : null,
    receivedByMe: row.receiverId !== null && ctx.actor.kind === 'person' && row.receiverId === ctx.actor.personId,
  }
}

export type CaseView = Awaited<ReturnType<typeof readCase>>

const listColumns = {
  id: hallCase.id,
  number: hallCase.number,
  itemName: serviceItem.name,
  state: hallCase.state,
  submittedAt: hallCase.submittedAt,
  noticeDueOn: hallCase.noticeDueOn,
  promisedOn: hallCase.promisedOn,
  regionCode: hallCase.regionCode,
}

/** The cases the actor handed in, newest first. */
export async function listOwnCases(ctx: Ctx) {
  const { personId, organisationId, role } = personOf(ctx)
  const colleague = role === 'citizen' || role === 'hall-staff' ? undefined : eq(hallCase.applicantOrganisationId, organisationId)
  return ctx.db
    .select(listColumns)
    .from(hallCase)
    .innerJoin(serviceItem, eq(serviceItem.id, hallCase.itemId))
    .where(or(eq(hallCase.applicantPersonId, personId), colleague))
    .orderBy(desc(hallCase.submittedAt))
    .limit(200)
}

/** What the desk of this region has to answer or decide, the nearest limit first, each with its light. */
export async function listDeskCases(ctx: Ctx) {
  const { regionPrefix } = personOf(ctx)
  const calendar = await readCalendar(ctx.db)
  const rows = await ctx.db
    .select(listColumns)
    .from(hallCase)
    .innerJoin(serviceItem, eq(serviceItem.id, hallCase.itemId))
    .where(inArray(hallCase.state, ['submitted', 'accepted']))
    .limit(500)
  return rows
    .filter(row => row.regionCode.startsWith(regionPrefix))
    .map(row => ({ ...row, dueOn: (row.state === 'accepted' ? row.promisedOn : row.noticeDueOn) ?? row.noticeDueOn }))
    .map(row => ({ ...row, light: lightOf(calendar, ctx.now, row.dueOn) }))
    .sort((a, b) => a.dueOn.localeCompare(b.dueOn))
}

/** A material's file, for whoever may read the case. Refuses not-found. */
export async function readMaterialFile(ctx: Ctx, caseId: string, fileId: string) {
  await readRow(ctx, caseId)
  const [own] = await ctx.db
    .select({ id: hallMaterial.id })
    .from(hallMaterial)
    .where(and(eq(hallMaterial.caseId, caseId), eq(hallMaterial.fileId, fileId)))
  if (!own) throw new Refusal('not-found')
  return readFileRow(ctx, fileId)
}
