import { and, asc, desc, eq, isNotNull, ne } from 'drizzle-orm'
import { hashOf } from '@/crypto/draw'
import { organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { expert } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { openExpert } from '../expert/expert.server'
import { findLot, lockLot, moveLot } from '../lot/find-lot.server'
import type { ArrivalInput, DeclarationInput } from './draw.form.server'
import { type ContactRow, lockContact, recordOutcome } from './draw-contact.server'
import { isOfRound, listDrawLots } from './draw-lots.server'
import { type DrawRow, readRepresentatives } from './draw-request.server'
import { pledge } from './pledge.text'

export type Member = {
  expertId: string
  /** Library number (专家编号): what anybody may see before the result. */
  code: string
  personId: string | null
  seat: string
  state: ContactRow['state']
  arrivedAt: Date | null
  declaredAt: Date | null
}
export type Committee = { drawId: string | null; members: Member[]; isComplete: boolean }

/** The lot's draw in force: the newest of its round that was not voided. */
export async function readLotDraw(ctx: Ctx, lotId: string): Promise<DrawRow | null> {
  const [found] = await ctx.db
    .select({ draw })
    .from(draw)
    .innerJoin(lot, eq(lot.id, lotId))
    .where(and(isOfRound, ne(draw.state, 'void')))
    .orderBy(desc(draw.number))
    .limit(1)
  return found?.draw ?? null
}

/** The evaluation committee (评标委员会) as drawn: who accepted, arrived and declared. Complete when every seat is filled by such a person. */
export async function readCommittee(ctx: Ctx, lotId: string): Promise<Committee> {
  const row = await readLotDraw(ctx, lotId)
  if (!row) return { drawId: null, members: [], isComplete: false }
  const rows = await ctx.db
    .select({ contact: drawContact, code: expert.code, personId: expert.personId })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .where(and(eq(drawContact.drawId, row.id), eq(drawContact.state, 'accepted')))
    .orderBy(asc(drawContact.seat), asc(expert.code))
  const members = rows.map(({ contact, code, personId }) => {
    const { expertId, seat, state, arrivedAt, declaredAt } = contact
    return { expertId, code, personId, seat, state, arrivedAt, declaredAt }
  })
  return { drawId: row.drawId, members, isComplete: row.state === 'complete' && members.every(one => one.declaredAt !== null) }
}

/** Names of the members, opened from their boxes: for the report and for whoever the law lets see them, after the result (crypto.md §10.12). */
export async function readMemberNames(ctx: Ctx, lotId: string): Promise<Map<string, string>> {
  const { members } = await readCommittee(ctx, lotId)
  const drawId = (await readLotDraw(ctx, lotId))?.id
  const names = new Map<string, string>()
  for (const { expertId } of members) {
    const [row] = await ctx.db.select().from(expert).where(eq(expert.id, expertId))
    if (row) names.set(expertId, openExpert(ctx.platform, row).name)
  }
  // The tenderer's representatives are members too (招标投标法 37); they have no place in the library.
  for (const [at, { name }] of (drawId ? await readRepresentatives(ctx, drawId) : []).entries())
    names.set(`representative ${at + 1}`, name)
  return names
}

/** The actor's own seat in a lot's committee. Refuses not-in-committee. */
async function ownContact(ctx: Ctx, lotId: string): Promise<string> {
  const { personId } = personOf(ctx)
  const row = await readLotDraw(ctx, lotId)
  refuseUnless(row, 'not-in-committee')
  const own = and(eq(drawContact.drawId, row.id), eq(expert.personId, personId), eq(drawContact.state, 'accepted'))
  const [found] = await ctx.db
    .select({ id: drawContact.id })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .where(own)
  refuseUnless(found, 'not-in-committee')
  return found.id
}

/** Arrival for evaluation (EX-13): identity check, recorded with how it was made, and the commitment letter. Arriving twice is arriving once. */
export const arrive = command(
  'expert.act',
  async (ctx, { lotId, idNumberLast4 }: ArrivalInput & { lotId: string }) => {
    const { row, contact } = await lockContact(ctx, { id: await ownContact(ctx, lotId) })
    const [person] = await ctx.db.select().from(expert).where(eq(expert.id, contact.expertId))
    refuseUnless(person, 'not-found')
    const fits = idNumberLast4 === undefined || openExpert(ctx.platform, person).idNumber.endsWith(idNumberLast4)
    refuseUnless(fits, 'identity-mismatch', { field: 'idNumberLast4' })
    const times = { arrivedAt: ctx.now, pledgedAt: ctx.now }
    if (!contact.arrivedAt) await ctx.db.update(drawContact).set(times).where(eq(drawContact.id, contact.id))
    const identity = idNumberLast4 === undefined ? 'invitation' : 'id-number'
    const facts = { draw: row.drawId, expert: person.code, identity, pledge: pledge.edition, pledgeHash: hashOf(pledge) }
    return { result: { arrivedAt: contact.arrivedAt ?? ctx.now }, entry: { lotId, facts } }
  },
  'expert.arrive',
)

/**
 * The self-declaration after seeing who bids (EX-13). A conflict leaves the seat to the next of the ranking; without one the member may sit,
 * and when the last has declared the evaluation begins.
 */
export const declare = command(
  'expert.act',
  async (ctx, { lotId, conflict, text }: DeclarationInput & { lotId: string }) => {
    const { row, contact } = await lockContact(ctx, { id: await ownContact(ctx, lotId) })
    refuseUnless(contact.arrivedAt, 'wrong-state', { state: '未报到', event: '回避声明' })
    refuseUnless((await listAllBidders(ctx, row.id, lotId)).length > 0, 'draw-not-due', { state: '投标人名单尚未公布' })
    const facts = { draw: row.drawId, expert: personOf(ctx).name, conflict, text: text ?? '' }
    if (conflict) await refuseReported(ctx, row)
    if (conflict) await recordOutcome(ctx, row, contact, 'avoid', text ?? '')
    else await ctx.db.update(drawContact).set({ declaredAt: ctx.now }).where(eq(drawContact.id, contact.id))
    return { result: { conflict }, entry: { lotId, facts } }
  },
  'expert.declare',
)

/**
 * Once the report is computed, or who passed the first of two envelopes (双信封), nobody leaves by declaring: it stands on every
 * member's sheet, and only the supervisor can undo it.
 */
async function refuseReported(ctx: Ctx, { lotId, round }: DrawRow): Promise<void> {
  const own = and(eq(evaluationReport.lotId, lotId), eq(evaluationReport.round, round))
  const [report] = await ctx.db.select({ id: evaluationReport.lotId }).from(evaluationReport).where(own)
  refuseUnless(!report, 'wrong-state', { state: '评标报告已形成', event: '回避声明' })
  const judged = and(eq(bid.lotId, lotId), eq(bid.round, round), isNotNull(bid.firstEnvelope))
  const [one] = await ctx.db.select({ id: bid.id }).from(bid).where(judged).limit(1)
  refuseUnless(!one, 'wrong-state', { state: '第一信封评审已完成', event: '回避声明' })
}

/** Names of the counted bidders, once the opening has made them public; empty before. */
export async function listBidders(ctx: Ctx, lotId: string): Promise<string[]> {
  const { lot: row } = await findLot(ctx, lotId)
  if (!['opening', 'opened', 'evaluating', 'evaluated'].includes(row.state)) return []
  const rows = await ctx.db
    .selectDistinct({ name: organisation.name })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(and(eq(bid.lotId, lotId), eq(bid.round, row.round), ne(bid.state, 'replaced'), ne(bid.state, 'withdrawn-before')))
    .orderBy(organisation.name)
  return rows.map(one => one.name)
}

/** Bidders of every lot the committee evaluates, once all of them are public: a declaration is about all of them. Empty before. */
async function listAllBidders(ctx: Ctx, drawId: string, lotId: string): Promise<string[]> {
  const lots = (await listDrawLots(ctx, drawId)).filter(one => one.state !== 'failed' && one.state !== 'terminated')
  const ids = lots.length > 0 ? lots.map(one => one.id) : [lotId]
  const lists = await Promise.all(ids.map(id => listBidders(ctx, id)))
  return lists.some(list => list.length === 0) ? [] : [...new Set(lists.flat())].toSorted()
}

/** Begins the evaluation once the opening is recorded and the committee complete; says whether it did. */
export const startEvaluation = command(
  'draw.request',
  async (ctx, { lotId }: { lotId: string }) => {
    const { lot: row } = await lockLot(ctx, lotId)
    const { isComplete, members } = await readCommittee(ctx, lotId)
    if (row.state !== 'opened' || !isComplete) return { result: false, entry: null }
    await moveLot(ctx, row, 'evaluate')
    return { result: true, entry: { lotId, facts: { members: members.length } } }
  },
  'evaluation.start',
)

/** What an expert sees of a lot on arrival: what it is, who bids once public, and how far the own steps are. */
export async function readArrival(ctx: Ctx, lotId: string) {
  const contactId = await ownContact(ctx, lotId)
  const { lot: row, project } = await findLot(ctx, lotId)
  const [contact] = await ctx.db.select().from(drawContact).where(eq(drawContact.id, contactId))
  refuseUnless(contact, 'not-found')
  return {
    lot: { id: row.id, code: row.code, name: row.name, state: row.state },
    project: { name: project.name, tenderer: project.tendererName },
    bidders: contact.arrivedAt ? await listAllBidders(ctx, contact.drawId, lotId) : [],
    seat: contact.seat,
    arrivedAt: contact.arrivedAt,
    declaredAt: contact.declaredAt,
  }
}

/** The lots an expert has accepted to evaluate, newest first. */
export async function listOwnLots(ctx: Ctx) {
  const { personId } = personOf(ctx)
  return ctx.db
    .select({
      lotId: lot.id,
      code: lot.code,
      name: lot.name,
      state: lot.state,
      seat: drawContact.seat,
      evaluationAt: draw.evaluationAt,
      city: draw.city,
      place: draw.place,
      arrivedAt: drawContact.arrivedAt,
      declaredAt: drawContact.declaredAt,
    })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .innerJoin(lot, isOfRound)
    .where(and(eq(expert.personId, personId), eq(drawContact.state, 'accepted'), ne(draw.state, 'void')))
    .orderBy(desc(draw.evaluationAt))
}
