import { desc, eq, inArray, sql } from 'drizzle-orm'
import { dutiesOf } from '@/crypto/draw-party'
import { draw } from '@/db/schema/trading/draw'
import type { DrawParty } from '@/db/schema/trading/expert'
import { lot, project } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { type DrawRules, partyOrder } from './draw'
import { isComplete, readCommitted, readFixed } from './draw-fixed.server'
import { readEligibleRows, readLists } from './draw-lists.server'
import { isOfLot } from './draw-lots.server'
import { readReplay } from './draw-outcome.server'
import { sightOf } from './draw-platform.server'
import type { DrawRow } from './draw-request.server'
import { type DrawMessages, messagesOf, readDrawRow, readManyMessages, readMessages } from './draw-store.server'
import { castOf, signKeysOf } from './party-agent.server'
import { hasPool, pagesOf, provePlaces } from './pool.read.server'

/** How far each party is: for the page and for anybody who waits. */
export type PartyProgress = { party: DrawParty; committed: boolean; acknowledged: number; of: number; revealed: number }

function progressOf(messages: DrawMessages | null): PartyProgress[] {
  const names = messages?.prelude.signed.msg.parties.map(({ party }) => party) ?? [...partyOrder]
  return partyOrder.map(party => ({
    party,
    committed: messages?.commits.some(one => one.signed.msg.party === party) ?? false,
    acknowledged: messages?.acks.filter(one => one.signed.msg.to === party).length ?? 0,
    of: names.length - 1,
    revealed: messages?.shares.filter(one => one.signed.msg.from === party).length ?? 0,
  }))
}

/** What the parties have fixed so far: sizes and hashes from the prelude, and how far each of them is. */
function preludeFacts(messages: DrawMessages | null) {
  const prelude = messages?.prelude.signed.msg
  return {
    pool: prelude?.pool ?? null,
    eligible: prelude?.eligible ?? null,
    excluded: prelude?.excluded ?? null,
    progress: progressOf(messages),
    isCommitted: messages !== null && isComplete(messages),
  }
}

/** What the row itself may show to anybody. */
const rowFacts = (row: DrawRow) => ({
  id: row.id,
  drawId: row.drawId,
  lotId: row.lotId,
  state: row.state,
  number: row.number,
  rules: row.rules as DrawRules,
  evaluationAt: row.evaluationAt,
  city: row.city,
  hours: row.hours,
  approvedAt: row.approvedAt,
  obstacle: row.obstacle,
  lastIndex: row.lastIdx,
  checkpointSize: row.checkpointSize,
  fixedAt: row.fixedAt,
  attempt: row.attempt,
  drawnAt: row.drawnAt,
  completedAt: row.completedAt,
  endReason: row.endReason,
  voidReason: row.voidReason,
  isVoidAsked: row.voidAskedBy !== null,
})

/** A draw as anybody may see it: commitments and counts, no name (crypto.md §10.12). */
export async function readDraw(ctx: Ctx, id: string) {
  const row = await readDrawRow(ctx, id)
  const { lot: ofLot, project: ofProject } = await findLot(ctx, row.lotId)
  const cast = row.state === 'approved' ? await castOf(ctx, row) : null
  return {
    ...rowFacts(row),
    ...preludeFacts(await readMessages(ctx, row.id)),
    lotName: ofLot.name,
    lotState: ofLot.state,
    projectName: ofProject.name,
    missing: cast && 'missing' in cast ? cast.missing : [],
    seats: await seatsOf(ctx, row),
  }
}

async function seatsOf(ctx: Ctx, row: DrawRow) {
  if (row.attempt === null) return []
  const { events, panelAfter } = await readReplay(ctx, row)
  const { places, accepted } = panelAfter(events)
  return places.map(({ seat, c }) => ({ seat, c, accepted: c !== null && accepted.includes(c) }))
}

/** Which party of a draw the actor's organisation speaks for, or null. */
function ownParty(own: Set<string>, messages: DrawMessages): string | null {
  const parties = messages.prelude.signed.msg.parties.filter(({ party }) => party !== 'platform')
  return parties.find(({ sign }) => own.has(sign))?.party ?? null
}

/** Draws handed to an agent at once; the next round brings the others. */
const handedAtOnce = 100

/** Draws under way in which the actor's agent owes something, oldest first, with all it needs to act. */
export async function listAwaiting(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(draw)
    .where(inArray(draw.state, ['committing', 'revealing']))
    .orderBy(draw.createdAt)
  const all = await readManyMessages(
    ctx,
    rows.map(({ id }) => id),
  )
  const own = await signKeysOf(ctx, personOf(ctx).organisationId)
  const found = []
  for (const row of rows) {
    const messages = all.get(row.id)
    const me = messages && ownParty(own, messages)
    if (!messages || !me) continue
    const { sinceV, ...sight } = sightOf(ctx, row, messages)
    if (dutiesOf({ ...sight, sinceV }, me).length === 0) continue
    const signedPrelude = messages.prelude.signed
    found.push({ id: row.id, me, signedPrelude, ...sight, sinceV: sinceV === null ? null : Math.floor(sinceV) })
    if (found.length === handedAtOnce) break
  }
  return found
}

/** What is fixed before anyone reveals, with proofs; `v` is null until the supervisor has named it. Refuses not-found before a cosigned checkpoint covers it. */
export async function readFixedPart(ctx: Ctx, id: string) {
  const row = await readDrawRow(ctx, id)
  const messages = await messagesOf(ctx, row)
  const committed = await readCommitted(ctx, row, messages)
  refuseUnless(committed, 'not-found')
  return { ...committed, v: messages.v?.signed ?? null }
}

/** E and the barred for the supervisor's check that with the rest of the pool they are the pool. Refuses not-found to others. */
export async function readPoolLists(ctx: Ctx, id: string) {
  const row = await readDrawRow(ctx, id)
  const { project: ofProject } = await findLot(ctx, row.lotId)
  inScope(ctx, ofProject)
  const lists = await readLists(ctx, row.id)
  refuseUnless(row.poolRoot && lists, 'not-found')
  return { root: row.poolRoot, eligible: JSON.parse(lists.eligible) as unknown[], barred: lists.barred, rules: row.rules }
}

/** All commitments of a pool, ascending, 32 bytes each: the same for every draw on it, and nothing in it names anybody. */
export async function readPool(ctx: Ctx, root: string): Promise<Uint8Array> {
  refuseUnless(await hasPool(ctx, root), 'not-found')
  return Buffer.concat(await pagesOf(ctx, root))
}

/** The public transcript tbid/draw.transcript@1: replay it with `npm run verify`. Refuses draw-not-due before a panel is seated. */
export async function readTranscript(ctx: Ctx, id: string) {
  const row = await readDrawRow(ctx, id)
  const messages = await messagesOf(ctx, row)
  const fixed = await readFixed(ctx, row, messages)
  refuseUnless(fixed && row.attempt !== null && row.poolRoot, 'draw-not-due', { state: row.state })
  const { events, panelAfter } = await readReplay(ctx, row)
  const panel = panelAfter(events)
  return {
    t: 'tbid/draw.transcript@1' as const,
    drawId: row.drawId,
    rules: row.rules,
    eligible: await readEligibleRows(ctx, row.id),
    ...fixed,
    shares: messages.shares.map(one => one.signed),
    attempt: row.attempt,
    selected: row.selected,
    alternates: row.alternates,
    events,
    panel: panel.places,
    contacted: await provePlaces(ctx, row.poolRoot, panel.contacted),
  }
}

const listed = {
  id: draw.id,
  drawId: draw.drawId,
  lotId: draw.lotId,
  lotName: lot.name,
  projectName: project.name,
  state: draw.state,
  number: draw.number,
  evaluationAt: draw.evaluationAt,
  createdAt: draw.createdAt,
}

/** Draws of the actor's region (supervisor) or of its own projects (agency), newest first. */
export async function listDraws(ctx: Ctx) {
  const actor = personOf(ctx)
  const inRegion = sql`${project.regionCode} like ${`${actor.regionPrefix}%`}`
  const mine = actor.role === 'supervisor' ? inRegion : eq(project.agencyId, actor.organisationId)
  return ctx.db
    .select(listed)
    .from(draw)
    .innerJoin(lot, eq(lot.id, draw.lotId))
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(mine)
    .orderBy(desc(draw.createdAt))
    .limit(200)
}

/** Draws of one lot, newest first, voided ones included: a second draw is never hidden. */
export async function listLotDraws(ctx: Ctx, lotId: string) {
  return ctx.db
    .select({ id: draw.id, drawId: draw.drawId, state: draw.state, number: draw.number })
    .from(draw)
    .where(isOfLot(lotId))
    .orderBy(desc(draw.number))
}
