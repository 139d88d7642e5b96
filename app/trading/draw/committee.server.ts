import { and, asc, desc, eq, ne } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { openExpert } from '../expert/expert.server'
import { findLot, lockLot, moveLot } from '../lot/find-lot.server'
import { representativeSeat } from './draw.text'
import type { ContactRow } from './draw-contact.server'
import { isOfRound, listDrawLots } from './draw-lots.server'
import type { DrawRow } from './draw-request.server'
import { codeOf, listRepresentatives, openRepresentative, type RepresentativeRow } from './representative.server'

export type Member = {
  /** Of the expert's row, or of the representative's. */
  expertId: string
  /** Library number (专家编号), or R1, R2 … for representatives: what anybody may see before the result. */
  code: string
  role: 'expert' | 'employer'
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

async function listDrawn(ctx: Ctx, row: DrawRow): Promise<Member[]> {
  const rows = await ctx.db
    .select({ contact: drawContact, code: expert.code, personId: expert.personId })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .where(and(eq(drawContact.drawId, row.id), eq(drawContact.state, 'accepted')))
    .orderBy(asc(drawContact.seat), asc(expert.code))
  return rows.map(({ contact: { expertId, seat, state, arrivedAt, declaredAt }, code, personId }) => ({
    ...{ expertId, code, personId, seat, role: 'expert' as const, state, arrivedAt, declaredAt },
  }))
}

const asMember = (who: RepresentativeRow): Member => {
  const { id, personId, arrivedAt, declaredAt } = who
  const seat = { seat: representativeSeat, role: 'employer' as const, state: 'accepted' as const }
  return { expertId: id, code: codeOf(who), personId, ...seat, arrivedAt, declaredAt }
}

/**
 * The evaluation committee (评标委员会): the experts who were drawn and accepted, and the tenderer's representatives (招标投标法 37). Complete when
 * every seat of both kinds is filled by somebody who arrived and declared.
 */
export async function readCommittee(ctx: Ctx, lotId: string): Promise<Committee> {
  const row = await readLotDraw(ctx, lotId)
  if (!row) return { drawId: null, members: [], isComplete: false }
  const named = await listRepresentatives(ctx, row.id)
  const sitting = named.filter(one => one.state === 'accepted').map(asMember)
  const members = [...(await listDrawn(ctx, row)), ...sitting]
  // A panel drawn before the bids were known sits only once it was checked against them.
  const isChecked = !row.isEarly || row.recheckedAt !== null
  const isFull = row.state === 'complete' && isChecked && sitting.length === named.length
  return { drawId: row.drawId, members, isComplete: isFull && members.every(one => one.declaredAt !== null) }
}

/** Names of the members, opened from their boxes: for the report and for whoever the law lets see them, after the result (crypto.md §10.12). */
export async function readMemberNames(ctx: Ctx, lotId: string): Promise<Map<string, string>> {
  const { members } = await readCommittee(ctx, lotId)
  const drawId = (await readLotDraw(ctx, lotId))?.id
  const names = new Map<string, string>()
  for (const { expertId, role } of members) {
    if (role !== 'expert') continue
    const [row] = await ctx.db.select().from(expert).where(eq(expert.id, expertId))
    if (row) names.set(expertId, openExpert(ctx.platform, row).name)
  }
  for (const row of drawId ? await listRepresentatives(ctx, drawId) : [])
    if (row.state === 'accepted') names.set(row.id, openRepresentative(ctx, row).name)
  return names
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
export async function listAllBidders(ctx: Ctx, drawId: string, lotId: string): Promise<string[]> {
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
