import { and, asc, eq } from 'drizzle-orm'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { openExpert } from '../expert/expert.server'
import { noteLooks } from '../expert/look.server'
import { contactStateText, representativeSeat } from './draw.text'
import { type DrawRow, lockDraw } from './draw-request.server'
import { readDrawRow } from './draw-store.server'
import { codeOf, listRepresentatives, openRepresentative } from './representative.server'

/** Names stay closed to everybody, agency and operator included, until the evaluation begins (EX-10; 招标投标法 37). */
export const unlockAt = (row: Pick<DrawRow, 'evaluationAt'>): Date => row.evaluationAt

/** The draw of the actor's own agency or supervising body. Refuses not-found to others. */
function own(ctx: Ctx, row: DrawRow): DrawRow {
  const { organisationId } = personOf(ctx)
  refuseUnless(organisationId === row.requestedBy || organisationId === row.approvedBy, 'not-found')
  return row
}

/**
 * Opens the names of a committee: one person asks, another confirms, each an entry of the log; neither before the unlock time. Refuses
 * names-locked, two-person-rule and draw-not-due.
 */
export const unlockNames = command(
  'draw.unlock',
  async (ctx, { id }: { id: string }) => {
    const row = own(ctx, await lockDraw(ctx, id))
    refuseUnless(row.state === 'contacting' || row.state === 'complete', 'draw-not-due', { state: row.state })
    refuseUnless(ctx.now >= unlockAt(row), 'names-locked', { until: formatInstant(unlockAt(row)) })
    const { personId } = personOf(ctx)
    if (row.unlockedAt) return { result: { unlocked: true }, entry: null }
    refuseUnless(row.unlockAskedBy !== personId, 'two-person-rule')
    const isSecond = row.unlockAskedBy !== null
    const change = isSecond ? { unlockedBy: personId, unlockedAt: ctx.now } : { unlockAskedBy: personId }
    await ctx.db.update(draw).set(change).where(eq(draw.id, id))
    const facts = { draw: row.drawId, step: isSecond ? 2 : 1, by: personId }
    return { result: { unlocked: isSecond }, entry: { lotId: row.lotId, facts } }
  },
  'draw.unlock',
)

/** Names, titles and units of who accepted, once unlocked; each look is an entry of the log. Refuses names-locked. */
export const readNames = command(
  'draw.unlock',
  async (ctx, { id }: { id: string }) => {
    const row = own(ctx, await readDrawRow(ctx, id))
    refuseUnless(row.unlockedAt, 'names-locked', { until: formatInstant(unlockAt(row)) })
    const rows = await ctx.db
      .select({ contact: drawContact, person: expert })
      .from(drawContact)
      .innerJoin(expert, eq(expert.id, drawContact.expertId))
      .where(and(eq(drawContact.drawId, row.id), eq(drawContact.state, 'accepted')))
      .orderBy(asc(drawContact.seat), asc(expert.code))
    await noteLooks(
      ctx,
      rows.map(({ person }) => person.id),
      '解密后查看评标委员会名单',
    )
    const members = rows.map(({ contact, person }) => {
      const { name, title } = openExpert(ctx.platform, person)
      const { seat, arrivedAt, declaredAt } = contact
      return { seat, code: person.code, name, title, unit: person.employerName, arrivedAt, declaredAt }
    })
    const all = [...members, ...(await namedMembers(ctx, row.id))]
    return {
      result: { drawId: row.drawId, members: all },
      entry: { lotId: row.lotId, facts: { draw: row.drawId, names: all.length } },
    }
  },
  'draw.read-names',
)

/** The tenderer's representatives who accepted. */
async function namedMembers(ctx: Ctx, drawId: string) {
  const rows = (await listRepresentatives(ctx, drawId)).filter(one => one.state === 'accepted')
  return rows.map(one => {
    const { name, title, unit } = openRepresentative(ctx, one)
    return {
      seat: representativeSeat,
      code: codeOf(one),
      name,
      title,
      unit,
      arrivedAt: one.arrivedAt,
      declaredAt: one.declaredAt,
    }
  })
}

/** Where the names of a draw stand: how many are seated by state, never who; and what may be done. */
export async function readUnlock(ctx: Ctx, id: string) {
  const row = own(ctx, await readDrawRow(ctx, id))
  const contacts = await ctx.db.select({ state: drawContact.state }).from(drawContact).where(eq(drawContact.drawId, row.id))
  const counts = Object.entries(contactStateText).map(([state, text]) => ({
    text,
    count: contacts.filter(one => one.state === state).length,
  }))
  const isTime = ctx.now >= unlockAt(row)
  const names = row.unlockedAt ? await readNames(ctx, { id: row.id }) : null
  return {
    id: row.id,
    drawId: row.drawId,
    lotId: row.lotId,
    unlockAt: unlockAt(row),
    isTime,
    isAsked: row.unlockAskedBy !== null,
    isAskedByMe: row.unlockAskedBy === personOf(ctx).personId,
    members: names?.members ?? null,
    counts: counts.filter(one => one.count > 0),
  }
}
