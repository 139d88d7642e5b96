import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { isMember } from '@/crypto/draw-fixed'
import { inclusionProof } from '@/crypto/merkle'
import { draw } from '@/db/schema/trading/draw'
import type { DrawParty } from '@/db/schema/trading/expert'
import { expert } from '@/db/schema/trading/expert'
import { lot, project } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { type DrawRules, partyOrder } from './draw'
import { isComplete, readCommitted, readFixed } from './draw-fixed.server'
import { eligibleOf, readReplay } from './draw-outcome.server'
import { sightOf } from './draw-platform.server'
import { readPool } from './draw-pool.server'
import type { DrawRow } from './draw-request.server'
import { type DrawMessages, messagesOf, readDrawRow, readMessages } from './draw-store.server'
import { castOf, organisationOfParty } from './party-agent.server'

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
async function ownParty(ctx: Ctx, messages: DrawMessages): Promise<string | null> {
  const { organisationId } = personOf(ctx)
  for (const keys of messages.prelude.signed.msg.parties) {
    if (keys.party !== 'platform' && (await organisationOfParty(ctx, keys)) === organisationId) return keys.party
  }
  return null
}

/** Draws under way in which the actor's agent has a part, with all it needs to act. */
export async function listAwaiting(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(draw)
    .where(inArray(draw.state, ['committing', 'revealing']))
    .orderBy(draw.createdAt)
  const found = []
  for (const row of rows) {
    const messages = await messagesOf(ctx, row)
    const me = await ownParty(ctx, messages)
    if (!me) continue
    const { sinceV, ...sight } = sightOf(ctx, row, messages)
    const signedPrelude = messages.prelude.signed
    found.push({ id: row.id, me, signedPrelude, ...sight, sinceV: sinceV === null ? null : Math.floor(sinceV) })
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

/** Pool, eligible and excluded list for the supervisor's check that E ∪ excluded is the pool. Refuses not-found to others. */
export async function readPoolLists(ctx: Ctx, id: string) {
  const row = await readDrawRow(ctx, id)
  const { project: ofProject } = await findLot(ctx, row.lotId)
  inScope(ctx, ofProject)
  refuseUnless(row.poolRoot && row.excluded, 'not-found')
  const pool = (await readPool(ctx, row.poolRoot)).map(leaf => leaf.toString('hex'))
  return {
    root: row.poolRoot,
    pool,
    eligible: eligibleOf(row),
    excluded: JSON.parse(row.excluded) as unknown[],
    rules: row.rules,
  }
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
    eligible: eligibleOf(row),
    ...fixed,
    shares: messages.shares.map(one => one.signed),
    attempt: row.attempt,
    selected: row.selected,
    alternates: row.alternates,
    events,
    panel: panel.places,
    contacted: await proveContacted(ctx, row.poolRoot, panel.contacted),
  }
}

async function proveContacted(ctx: Ctx, root: string, cs: string[]) {
  const leaves = await readPool(ctx, root)
  const places = new Map(leaves.map((leaf, at) => [leaf.toString('hex'), at]))
  return cs.map(c => {
    const index = places.get(c)!
    const proof = inclusionProof(index, leaves).map(node => Buffer.from(node).toString('hex'))
    if (!isMember(Buffer.from(c, 'hex'), index, leaves.length, proof, Buffer.from(root, 'hex')))
      throw new Error(`pool ${root} is damaged`)
    return { c, index, proof }
  })
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
    .where(and(eq(draw.lotId, lotId)))
    .orderBy(desc(draw.number))
}

/** Numbers of the library by state, and one page of it with masked identities, for whoever keeps it. */
export async function listLibrary(ctx: Ctx, filter: { code?: string; disc?: string; page: number }) {
  const size = 50
  const byCode = filter.code ? eq(expert.code, filter.code.toUpperCase()) : undefined
  const byDisc = filter.disc ? sql`exists (select 1 from unnest(${expert.disc}) d where d like ${`${filter.disc}%`})` : undefined
  const columns = {
    code: expert.code,
    disc: expert.disc,
    regionCode: expert.regionCode,
    employerName: expert.employerName,
    state: expert.state,
  }
  const where = and(byCode, byDisc)
  const rows = await ctx.db
    .select(columns)
    .from(expert)
    .where(where)
    .orderBy(expert.code)
    .limit(size)
    .offset((filter.page - 1) * size)
  const [total] = await ctx.db.select({ count: sql<number>`count(*)::int` }).from(expert).where(where)
  const states = await ctx.db
    .select({ state: expert.state, count: sql<number>`count(*)::int` })
    .from(expert)
    .groupBy(expert.state)
  return { rows, total: total?.count ?? 0, pageSize: size, states }
}
