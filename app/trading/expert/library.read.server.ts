import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { type ExpertState, expert, expertAvoid, expertEmployment } from '@/db/schema/trading/expert'
import { expertTraining } from '@/db/schema/trading/expert-assessment'
import { expertAppeal, expertEvent, expertLook } from '@/db/schema/trading/expert-record'
import { lot } from '@/db/schema/trading/project'
import { regionName } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { eventsOf } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { listClearances } from './clearance.read.server'
import { listDue } from './due.server'
import { expertFlow, type KeeperEvent, keeperEvents, maskName } from './expert'
import { type Expert, openExpert } from './expert.server'
import { findOwn } from './library.server'
import { noteLooks } from './look.server'
import { listMarks } from './mark.server'
import { listLeaves } from './own-record.server'
import { listPenalties } from './penalty.server'
import { specialtyNames } from './specialty.read.server'

export type LibraryFilter = {
  code?: string
  disc?: string
  region?: string
  employer?: string
  state?: ExpertState | null
  page: number
}
const pageSize = 50

const listed = {
  code: expert.code,
  disc: expert.disc,
  mainDisc: expert.mainDisc,
  regionCode: expert.regionCode,
  employerName: expert.employerName,
  state: expert.state,
}

function whereOf({ code, disc, region, employer, state }: LibraryFilter): SQL | undefined {
  const escaped = (text: string) => text.replace(/[\\%_]/g, found => `\\${found}`)
  return and(
    code ? eq(expert.code, code.toUpperCase()) : undefined,
    disc ? sql`exists (select 1 from unnest(${expert.disc}) d where starts_with(d, ${disc}))` : undefined,
    region ? sql`starts_with(${expert.regionCode}, ${region})` : undefined,
    employer ? sql`${expert.employerName} like ${`%${escaped(employer)}%`}` : undefined,
    state ? eq(expert.state, state) : undefined,
  )
}

/** One page of the library, without identities, and how many are in each state. */
export async function listExperts(ctx: Ctx, filter: LibraryFilter) {
  const where = whereOf(filter)
  const rows = await ctx.db
    .select(listed)
    .from(expert)
    .where(where)
    .orderBy(expert.code)
    .limit(pageSize)
    .offset((filter.page - 1) * pageSize)
  const [total] = await ctx.db.select({ count: sql<number>`count(*)::int` }).from(expert).where(where)
  const states = await ctx.db
    .select({ state: expert.state, count: sql<number>`count(*)::int` })
    .from(expert)
    .groupBy(expert.state)
  return { rows: rows.map(row => ({ ...row, region: regionName(row.regionCode) })), total: total?.count ?? 0, pageSize, states }
}

/** States of a lot from which on its committee is no secret to the supervisor (招标投标法 37). */
const told = ['evaluated', 'publicity', 'awarded', 'archived'] as const

/**
 * The lifelong record of engagements (终身负责): every seat ever accepted or left, whatever became of the library's row. To others than the
 * expert himself only those whose result stands: until then nobody may know who sits.
 */
export const listEngagements = (ctx: Ctx, expertId: string, to: 'self' | 'others') =>
  ctx.db
    .select({
      lotName: lot.name,
      lotCode: lot.code,
      seat: drawContact.seat,
      state: drawContact.state,
      /** Why the evaluation was not held or not finished; null where it was. */
      endReason: draw.endReason,
      drawState: draw.state,
      evaluationAt: draw.evaluationAt,
      arrivedAt: drawContact.arrivedAt,
      result: lot.state,
    })
    .from(drawContact)
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .innerJoin(lot, eq(lot.id, draw.lotId))
    .where(
      and(
        eq(drawContact.expertId, expertId),
        inArray(drawContact.state, ['accepted', 'avoid']),
        to === 'others' ? inArray(lot.state, [...told]) : undefined,
      ),
    )
    .orderBy(desc(draw.evaluationAt))
    .limit(200)

const listEvents = (ctx: Ctx, expertId: string) =>
  ctx.db
    .select({
      id: expertEvent.id,
      event: expertEvent.event,
      to: expertEvent.to,
      reason: expertEvent.reason,
      until: expertEvent.until,
      at: expertEvent.at,
      appeal: expertAppeal.state,
      decision: expertAppeal.decision,
    })
    .from(expertEvent)
    .leftJoin(expertAppeal, eq(expertAppeal.eventId, expertEvent.id))
    .where(eq(expertEvent.expertId, expertId))
    .orderBy(desc(expertEvent.at))
    .limit(100)

const listTies = async (ctx: Ctx, expertId: string) => ({
  employments: await ctx.db
    .select({
      organisationName: expertEmployment.organisationName,
      fromOn: expertEmployment.fromOn,
      untilOn: expertEmployment.untilOn,
    })
    .from(expertEmployment)
    .where(eq(expertEmployment.expertId, expertId))
    .orderBy(desc(expertEmployment.fromOn)),
  avoid: await ctx.db
    .select({ organisationName: expertAvoid.organisationName, kind: expertAvoid.kind, reason: expertAvoid.reason })
    .from(expertAvoid)
    .where(eq(expertAvoid.expertId, expertId)),
})

/** Everything of one expert that is no identity. */
async function recordOf(ctx: Ctx, row: Expert) {
  const names = await specialtyNames(ctx)
  const { code, mainDisc, regionCode, employerName, state, suspendedUntil, weekdays, source, createdAt, edition } = row
  const disc = row.disc.map(one => ({ code: one, name: names.get(one) ?? '', isMain: one === mainDisc }))
  return {
    ...{ code, disc, edition, region: regionName(regionCode), employerName, state, suspendedUntil, weekdays, source, createdAt },
    ...(await listTies(ctx, row.id)),
    events: await listEvents(ctx, row.id),
    leaves: await listLeaves(ctx, row.id),
    marks: await listMarks(ctx, row.id),
    due: await listDue(ctx, row.id),
    clearances: await listClearances(ctx, row.id),
    penalties: await listPenalties(ctx, row),
    trainings: await ctx.db
      .select({
        name: expertTraining.name,
        onDay: expertTraining.onDay,
        hours: expertTraining.hours,
        passed: expertTraining.passed,
      })
      .from(expertTraining)
      .where(eq(expertTraining.expertId, row.id))
      .orderBy(desc(expertTraining.onDay))
      .limit(50),
  }
}

/** One expert as whoever keeps the library sees it: no identity and no engagement, and what may be done. Refuses not-found. */
export async function readExpert(ctx: Ctx, code: string) {
  const [row] = await ctx.db.select().from(expert).where(eq(expert.code, code))
  refuseUnless(row, 'not-found')
  const may = eventsOf(expertFlow, row.state).filter((event): event is KeeperEvent =>
    (keeperEvents as readonly string[]).includes(event),
  )
  return { ...(await recordOf(ctx, row)), may }
}

const listLooks = (ctx: Ctx, expertId: string) =>
  ctx.db
    .select({
      byName: expertLook.byName,
      organisationName: expertLook.organisationName,
      purpose: expertLook.purpose,
      at: expertLook.at,
    })
    .from(expertLook)
    .where(eq(expertLook.expertId, expertId))
    .orderBy(desc(expertLook.at))
    .limit(100)

/** The expert's own record, identity, engagements and who looked at it included; null for an account that is no expert's. */
export async function readOwnRecord(ctx: Ctx) {
  const row = await findOwn(ctx)
  if (!row) return null
  const person = openExpert(ctx.platform, row)
  return {
    ...(await recordOf(ctx, row)),
    person,
    engagements: await listEngagements(ctx, row.id, 'self'),
    looks: await listLooks(ctx, row.id),
  }
}

/** Opens who an expert is, for a stated purpose: an entry in the log, and a line that the expert himself reads. Refuses not-found. */
export const lookAt = command('expert.look', async (ctx, { code, purpose }: { code: string; purpose: string }) => {
  const [row] = await ctx.db.select().from(expert).where(eq(expert.code, code))
  refuseUnless(row, 'not-found')
  await noteLooks(ctx, [row.id], purpose)
  const person = openExpert(ctx.platform, row)
  return {
    result: { code, ...person, engagements: await listEngagements(ctx, row.id, 'others') },
    entry: { facts: { expert: code, purpose } },
  }
})

/** Decisions of suspension, removal and ban, as the public may read them (发改法规规〔2022〕1117号(十二)(十四)): the name masked. */
export async function listDecisions(ctx: Ctx, page: number) {
  const isPublic = inArray(expertEvent.event, ['suspend', 'remove', 'ban', 'reinstate'])
  const rows = await ctx.db
    .select({ event: expertEvent, row: expert })
    .from(expertEvent)
    .innerJoin(expert, eq(expert.id, expertEvent.expertId))
    .where(isPublic)
    .orderBy(desc(expertEvent.at))
    .limit(pageSize)
    .offset((page - 1) * pageSize)
  const [total] = await ctx.db.select({ count: sql<number>`count(*)::int` }).from(expertEvent).where(isPublic)
  const decisions = rows.map(({ event: { id, event, reason, until, at }, row }) => ({
    id,
    code: row.code,
    name: maskName(openExpert(ctx.platform, row).name),
    event: event as 'suspend' | 'remove' | 'ban' | 'reinstate',
    reason,
    until,
    at,
  }))
  return { decisions, total: total?.count ?? 0, pageSize }
}
