import { and, desc, eq, isNotNull, ne } from 'drizzle-orm'
import { hashOf } from '@/crypto/draw'
import { bid } from '@/db/schema/trading/bid'
import { draw, drawContact, drawRepresentative } from '@/db/schema/trading/draw'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { expert } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { openExpert } from '../expert/expert.server'
import { findLot } from '../lot/find-lot.server'
import { listAllBidders, readLotDraw } from './committee.server'
import type { ArrivalInput, DeclarationInput } from './draw.form.server'
import { drawStateText, representativeSeat } from './draw.text'
import { type ContactRow, lockContact, recordOutcome } from './draw-contact.server'
import { isOfRound } from './draw-lots.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { pledge } from './pledge.text'
import {
  codeOf,
  findOwnRepresentative,
  lockRepresentative,
  openRepresentative,
  type RepresentativeRow,
} from './representative.server'
import { leaveAsRepresentative } from './representative-acts.server'

type Seat = { kind: 'expert' | 'representative'; id: string; drawId: string }

/** The actor's own seat in a lot's committee: as a drawn expert, or as the tenderer's representative. Refuses not-in-committee. */
async function ownSeat(ctx: Ctx, lotId: string): Promise<Seat> {
  const { personId } = personOf(ctx)
  const row = await readLotDraw(ctx, lotId)
  refuseUnless(row, 'not-in-committee')
  const own = and(eq(drawContact.drawId, row.id), eq(expert.personId, personId), eq(drawContact.state, 'accepted'))
  const [found] = await ctx.db
    .select({ id: drawContact.id })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .where(own)
  if (found) return { kind: 'expert', id: found.id, drawId: row.id }
  const named = await findOwnRepresentative(ctx, row.id, personId)
  refuseUnless(named, 'not-in-committee')
  return { kind: 'representative', id: named.id, drawId: row.id }
}

type Times = Partial<Pick<ContactRow, 'arrivedAt' | 'pledgedAt' | 'declaredAt'>>
type Sitting = Pick<ContactRow, 'arrivedAt' | 'declaredAt'> & {
  row: DrawRow
  /** What stands for the person wherever names are closed. */
  code: string
  idNumber: string
  /** A representative is in no library: the tenderer's word is all there is, so the number is always checked. */
  mustShow: boolean
  note(times: Times): Promise<unknown>
  leave(reason: string): Promise<void>
}

function asRepresentative(ctx: Ctx, row: DrawRow, who: RepresentativeRow): Sitting {
  const { arrivedAt, declaredAt } = who
  return {
    ...{ row, arrivedAt, declaredAt, mustShow: true, code: codeOf(who), idNumber: openRepresentative(ctx, who).idNumber },
    note: times => ctx.db.update(drawRepresentative).set(times).where(eq(drawRepresentative.id, who.id)),
    leave: reason => leaveAsRepresentative(ctx, who, reason),
  }
}

/** Nobody sits for lots that have ended. */
function refuseEnded({ state }: DrawRow, event: string): void {
  refuseUnless(state !== 'ended', 'wrong-state', { state: drawStateText.ended, event })
}

/** The actor's own seat, its draw and row locked. */
async function lockOwn(ctx: Ctx, lotId: string): Promise<Sitting> {
  const seat = await ownSeat(ctx, lotId)
  if (seat.kind === 'representative') {
    const row = await lockDraw(ctx, seat.drawId)
    return asRepresentative(ctx, row, await lockRepresentative(ctx, seat.id))
  }
  const { row, contact } = await lockContact(ctx, { id: seat.id })
  const [person] = await ctx.db.select().from(expert).where(eq(expert.id, contact.expertId))
  refuseUnless(person, 'not-found')
  const { arrivedAt, declaredAt } = contact
  return {
    ...{ row, arrivedAt, declaredAt, mustShow: false, code: person.code, idNumber: openExpert(ctx.platform, person).idNumber },
    note: times => ctx.db.update(drawContact).set(times).where(eq(drawContact.id, contact.id)),
    leave: reason => recordOutcome(ctx, row, contact, 'avoid', reason),
  }
}

/** Arrival for evaluation (EX-13): identity check, recorded with how it was made, and the commitment letter. Arriving twice is arriving once. */
export const arrive = command(
  'expert.act',
  async (ctx, { lotId, idNumberLast4 }: ArrivalInput & { lotId: string }) => {
    const own = await lockOwn(ctx, lotId)
    refuseEnded(own.row, '报到')
    const fits = idNumberLast4 === undefined ? !own.mustShow : own.idNumber.endsWith(idNumberLast4)
    refuseUnless(fits, 'identity-mismatch', { field: 'idNumberLast4' })
    if (!own.arrivedAt) await own.note({ arrivedAt: ctx.now, pledgedAt: ctx.now })
    const identity = idNumberLast4 === undefined ? 'invitation' : 'id-number'
    const facts = { draw: own.row.drawId, expert: own.code, identity, pledge: pledge.edition, pledgeHash: hashOf(pledge) }
    return { result: { arrivedAt: own.arrivedAt ?? ctx.now }, entry: { lotId, facts } }
  },
  'expert.arrive',
)

/**
 * The self-declaration after seeing who bids (EX-13). A conflict leaves an expert's seat to the next of the ranking and a representative's to
 * whom the tenderer names; without one the member may sit, and when the last has declared the evaluation begins.
 */
export const declare = command(
  'expert.act',
  async (ctx, { lotId, conflict, text }: DeclarationInput & { lotId: string }) => {
    const own = await lockOwn(ctx, lotId)
    refuseEnded(own.row, '回避声明')
    refuseUnless(own.arrivedAt, 'wrong-state', { state: '未报到', event: '回避声明' })
    refuseUnless((await listAllBidders(ctx, own.row.id, lotId)).length > 0, 'draw-not-due', { state: '投标人名单尚未公布' })
    if (conflict) await refuseReported(ctx, own.row)
    if (conflict) await own.leave(text ?? '')
    else await own.note({ declaredAt: ctx.now })
    const facts = { draw: own.row.drawId, expert: own.code, conflict, text: text ?? '' }
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

async function readSeat(ctx: Ctx, { kind, id }: Seat) {
  const table = kind === 'expert' ? drawContact : drawRepresentative
  const columns = { arrivedAt: table.arrivedAt, declaredAt: table.declaredAt }
  const [row] =
    kind === 'expert'
      ? await ctx.db
          .select({ ...columns, seat: drawContact.seat })
          .from(drawContact)
          .where(eq(drawContact.id, id))
      : await ctx.db.select(columns).from(drawRepresentative).where(eq(drawRepresentative.id, id))
  refuseUnless(row, 'not-found')
  return { seat: representativeSeat, ...row }
}

/** What a member sees of a lot on arrival: what it is, who bids once public, and how far the own steps are. */
export async function readArrival(ctx: Ctx, lotId: string) {
  const own = await ownSeat(ctx, lotId)
  const { lot: row, project } = await findLot(ctx, lotId)
  const { seat, arrivedAt, declaredAt } = await readSeat(ctx, own)
  return {
    lot: { id: row.id, code: row.code, name: row.name, state: row.state },
    project: { name: project.name, tenderer: project.tendererName },
    bidders: arrivedAt ? await listAllBidders(ctx, own.drawId, lotId) : [],
    ...{ seat, arrivedAt, declaredAt },
  }
}

const listed = {
  lotId: lot.id,
  code: lot.code,
  name: lot.name,
  state: lot.state,
  evaluationAt: draw.evaluationAt,
  city: draw.city,
  place: draw.place,
}

/** The lots the actor has accepted to evaluate, newest first. */
export async function listOwnLots(ctx: Ctx) {
  const { personId } = personOf(ctx)
  const drawn = await ctx.db
    .select({ ...listed, seat: drawContact.seat, arrivedAt: drawContact.arrivedAt, declaredAt: drawContact.declaredAt })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .innerJoin(lot, isOfRound)
    .where(and(eq(expert.personId, personId), eq(drawContact.state, 'accepted'), ne(draw.state, 'void')))
    .orderBy(desc(draw.evaluationAt))
  const named = await ctx.db
    .select({ ...listed, arrivedAt: drawRepresentative.arrivedAt, declaredAt: drawRepresentative.declaredAt })
    .from(drawRepresentative)
    .innerJoin(draw, eq(draw.id, drawRepresentative.drawId))
    .innerJoin(lot, isOfRound)
    .where(and(eq(drawRepresentative.personId, personId), eq(drawRepresentative.state, 'accepted'), ne(draw.state, 'void')))
  return [...drawn, ...named.map(one => ({ ...one, seat: representativeSeat }))]
}
