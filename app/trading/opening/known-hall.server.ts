import { and, asc, eq, inArray, or, sql } from 'drizzle-orm'
import { unbase64 } from '@/crypto/bytes'
import { readMessage } from '@/crypto/messages'
import { organisation } from '@/db/schema/platform/identity'
import { type BidState, bid } from '@/db/schema/trading/bid'
import { releaseMessage, stageKey } from '@/db/schema/trading/opening'
import { lot, lotCustodian, project } from '@/db/schema/trading/project'
import type { Ctx, Platform } from '~/platform/ctx'
import type { KeptStage } from '../bid/kept-stage.server'
import type { FoundLot } from '../lot/find-lot.server'
import { ruleEdition } from '../rules/editions'
import { isCounted } from './count.server'
import type { OpeningRow } from './event.server'
import type { ReleaseAnswer } from './release-check.server'
import { keyBox } from './stage.server'
import type { Opened } from './unlock.server'

/** A counted bid as its release needs it. What stands above `state` never changes after `lot.close`. */
export type KnownBid = {
  id: string
  /** Its number in the order of the leaves (开标记录 序号). */
  no: number
  organisationId: string
  organisation: string
  creditCode: string
  statementHash: string
  committedAt: Date
  stages: KeptStage[]
  state: BidState
  reason: string | null
  faultParty: string | null
}

export type Parts = { shares: (Uint8Array | null)[]; partB: Uint8Array | null }

/** What this process knows of a lot being opened, so that a release reads nothing that cannot have changed. */
export type KnownHall = {
  found: FoundLot
  round: number
  custodians: Map<string, number>
  bids: KnownBid[]
  byStatement: Map<string, KnownBid>
  /** Everything below is known up to this event of the hall: whatever changes it says so there. */
  seq: number
  /** Messages taken, by hash, with what was answered to whom. */
  messages: Map<string, { organisationId: string; answer: ReleaseAnswer }>
  /** By `bid stage`. */
  parts: Map<string, Parts>
  keys: Map<string, Uint8Array>
  /** Opened with parts that may not be written yet: a fitting key stays fitting. */
  opened: Map<string, Opened>
}

export const stageName = (bidId: string, stage: string) => `${bidId} ${stage}`
export const messageBox = (lotId: string, hash: string) => `release-message ${lotId} ${hash}`

/** The halls of a process, those asked for last kept longest. */
const known = new WeakMap<Platform, Map<string, KnownHall>>()
const mostHalls = 4_096

function hallsOf(platform: Platform): Map<string, KnownHall> {
  const halls = known.get(platform) ?? new Map<string, KnownHall>()
  known.set(platform, halls)
  return halls
}

/** Drops what is known of a lot: after a transaction that did not come to its end, or when nothing is left to open. */
export const forgetHall = (platform: Platform, lotId: string): boolean => hallsOf(platform).delete(lotId)

type RoundColumns = { lotId: typeof bid.lotId | typeof lotCustodian.lotId; round: typeof bid.round | typeof lotCustodian.round }

const ofRounds = ({ lotId, round }: RoundColumns, rows: OpeningRow[]) =>
  or(...rows.map(row => and(eq(lotId, row.lotId), eq(round, row.round))))

async function listBids(ctx: Ctx, rows: OpeningRow[]): Promise<Map<string, KnownBid[]>> {
  const { id, organisationId, statementHash, committedAt, stages, state, reason, faultParty, lotId } = bid
  const columns = { id, organisationId, statementHash, committedAt, stages, state, reason, faultParty, lotId }
  const found = await ctx.db
    .select({ ...columns, organisation: organisation.name, creditCode: organisation.creditCode })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(ofRounds(bid, rows))
    .orderBy(asc(bid.leafIdx))
  const byLot = new Map<string, KnownBid[]>(rows.map(row => [row.lotId, []]))
  for (const { lotId: of, stages: text, ...one } of found) {
    const own = byLot.get(of)!
    if (isCounted(one)) own.push({ ...one, no: own.length + 1, stages: JSON.parse(text) as KeptStage[] })
  }
  return byLot
}

async function listCustodians(ctx: Ctx, rows: OpeningRow[]): Promise<Map<string, Map<string, number>>> {
  const { lotId, organisationId, idx } = lotCustodian
  const found = await ctx.db.select({ lotId, organisationId, idx }).from(lotCustodian).where(ofRounds(lotCustodian, rows))
  const byLot = new Map(rows.map(row => [row.lotId, new Map<string, number>()]))
  for (const one of found) byLot.get(one.lotId)!.set(one.organisationId, one.idx)
  return byLot
}

async function listLots(ctx: Ctx, lotIds: string[]): Promise<Map<string, FoundLot>> {
  const found = await ctx.db
    .select({ lot, project })
    .from(lot)
    .innerJoin(project, eq(project.id, lot.projectId))
    .where(inArray(lot.id, lotIds))
  return new Map(found.map(one => [one.lot.id, { ...one, edition: ruleEdition(one.project.edition) }]))
}

async function load(ctx: Ctx, rows: OpeningRow[]): Promise<KnownHall[]> {
  if (rows.length === 0) return []
  const lotIds = rows.map(row => row.lotId)
  const [lots, bids, custodians] = [await listLots(ctx, lotIds), await listBids(ctx, rows), await listCustodians(ctx, rows)]
  return rows.map(({ lotId, round }) => ({
    found: lots.get(lotId)!,
    round,
    custodians: custodians.get(lotId)!,
    bids: bids.get(lotId)!,
    byStatement: new Map(bids.get(lotId)!.map(one => [one.statementHash, one])),
    // Before the first event: its progress is read next.
    seq: -1,
    messages: new Map(),
    parts: new Map(),
    keys: new Map(),
    opened: new Map(),
  }))
}

/** Adds an accepted part. The bidder's cannot be checked before the shares are there, so a later one replaces it. */
export function addPart(hall: KnownHall, bidId: string, stage: string, part: string, value: Uint8Array): void {
  const name = stageName(bidId, stage)
  const parts = hall.parts.get(name) ?? { shares: [], partB: null }
  hall.parts.set(name, parts)
  if (part === 'b') parts.partB = value
  else parts.shares[Number(part.slice(1))] = value
}

type MessageRow = typeof releaseMessage.$inferSelect

function addMessage(ctx: Ctx, hall: KnownHall, row: MessageRow): void {
  const text = Buffer.from(ctx.platform.vault.open(messageBox(row.lotId, row.messageHash), row.box)).toString()
  const { releases, stage } = readMessage('tbid/release@1', text)
  const refused = row.refused as ReleaseAnswer['refused']
  const isRefused = new Set(refused.map(({ statement, part }) => `${statement} ${part}`))
  const accepted = releases.filter(({ statement, part }) => !isRefused.has(`${statement} ${part}`))
  for (const { statement, part, value } of accepted) {
    const one = hall.byStatement.get(statement)
    if (one) addPart(hall, one.id, stage, part, unbase64(value))
  }
  const answer = { accepted: accepted.map(({ statement, part }) => ({ statement, part })), refused }
  hall.messages.set(row.messageHash, { organisationId: row.organisationId, answer })
}

async function readMessages(ctx: Ctx, halls: Map<string, KnownHall>): Promise<void> {
  const all = [...halls.values()]
  const of = <T>(value: (hall: KnownHall) => T) => sql.param(all.map(value))
  const taken = sql`(select * from unnest(${of(h => h.found.lot.id)}::uuid[], ${of(h => h.round)}::int[], ${of(h => h.messages.size)}::int[])
    as n(lot, round, no))`
  const rows = await ctx.db
    .select()
    .from(releaseMessage)
    .where(
      sql`exists (select 1 from ${taken} k where k.lot = ${releaseMessage.lotId} and k.round = ${releaseMessage.round} and ${releaseMessage.no} > k.no)`,
    )
    .orderBy(asc(releaseMessage.lotId), asc(releaseMessage.no))
  for (const row of rows) addMessage(ctx, halls.get(row.lotId)!, row)
}

async function readProgress(ctx: Ctx, halls: Map<string, KnownHall>): Promise<void> {
  const bids = new Map([...halls.values()].flatMap(hall => hall.bids.map(one => [one.id, { hall, one }] as const)))
  const { id, state, reason, faultParty } = bid
  const states = await ctx.db
    .select({ id, state, reason, faultParty })
    .from(bid)
    .where(inArray(bid.lotId, [...halls.keys()]))
  for (const { id: bidId, ...now } of states) {
    const known = bids.get(bidId)
    if (!known) continue
    Object.assign(known.one, now)
    // What was read of it is of before: should it be locked again, it is read again.
    if (now.state !== 'locked') for (const { stage } of known.one.stages) known.hall.opened.delete(stageName(bidId, stage))
  }
  const keys = await ctx.db
    .select()
    .from(stageKey)
    .where(inArray(stageKey.bidId, [...bids.keys()]))
  for (const { bidId, stage, box } of keys)
    bids.get(bidId)?.hall.keys.set(stageName(bidId, stage), ctx.platform.vault.open(keyBox(bidId, stage), box))
}

/** Brings what is known of these halls up to the rows given, which must be of the same moment as `ctx.db` sees. */
export async function refreshHalls(ctx: Ctx, halls: Map<string, KnownHall>, rows: Map<string, OpeningRow>): Promise<void> {
  const stale = new Map([...halls].filter(([lotId, hall]) => hall.seq !== rows.get(lotId)!.eventSeq))
  if (stale.size === 0) return
  await readMessages(ctx, stale)
  await readProgress(ctx, stale)
  for (const [lotId, hall] of stale) hall.seq = rows.get(lotId)!.eventSeq
}

/** What is known of these openings, read where it is not. */
export async function knownHalls(ctx: Ctx, rows: Map<string, OpeningRow>): Promise<Map<string, KnownHall>> {
  const halls = hallsOf(ctx.platform)
  const missing = [...rows.values()].filter(row => halls.get(row.lotId)?.round !== row.round)
  for (const hall of await load(ctx, missing)) halls.set(hall.found.lot.id, hall)
  const wanted = new Map([...rows.keys()].map(lotId => [lotId, halls.get(lotId)!]))
  await refreshHalls(ctx, wanted, rows)
  for (const name of halls.keys()) {
    if (halls.size <= mostHalls) break
    if (!wanted.has(name)) halls.delete(name)
  }
  return wanted
}
