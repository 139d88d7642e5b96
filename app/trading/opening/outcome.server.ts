import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import type { BidState } from '@/db/schema/trading/bid'
import type { Ctx } from '~/platform/ctx'
import { appendMany } from '~/platform/log/append.server'
import { promiseMany } from '~/platform/outbox/promise.server'
import { addSeconds } from '~/shared/time'
import { openingTermsOf } from '../lot/opening-terms'
import { isTooFew } from '../rules/fewer-than-three'
import type { OpeningRow, Saying } from './event.server'
import { listReadOuts, mayContinue, type ReadOutRow, recordText } from './finish-reading.server'
import type { ReadLine } from './hall'
import { type KnownBid, type KnownHall, stageName } from './known-hall.server'
import { type Changes, type Move, moveMany } from './move-many.server'
import type { OpeningEvent } from './opening'
import { type ReadPrice, wordsOf } from './price-form'
import { type Failure, verdictOf } from './settle'
import { keyBox } from './stage.server'
import { mayNeedTwins } from './twin'
import { type Contents, type Opened, stagesDue } from './unlock.server'

/** What one transaction does to a hall whose opening it has locked: keys found, bids read or failed, and what that leads to. */
export type Outcome = {
  hall: KnownHall
  row: OpeningRow
  /** Said before anything else, with what goes with it. */
  says: Saying[]
  changes: Changes
  opened: Opened[]
  settled: { bid: KnownBid; read: ReadPrice | Contents | Failure }[]
  /** The release window is over: no more keys are waited for. */
  isOver: boolean
}

type Settled = Outcome['settled'][number]
type Read = { bid: KnownBid; read: ReadPrice }
type Held = { bid: KnownBid; read: Contents }
type Failed = { bid: KnownBid; read: Failure }

const isRead = (one: Settled): one is Read => typeof one.read !== 'string' && 'priceFen' in one.read
const isHeld = (one: Settled): one is Held => typeof one.read !== 'string' && 'roles' in one.read
const isFailed = (one: Settled): one is Failed => typeof one.read === 'string'

async function keepKeys(ctx: Ctx, opened: Opened[]): Promise<void> {
  if (opened.length === 0) return
  const of = <T>(value: (one: Opened) => T) => sql.param(opened.map(value))
  const boxOf = ({ bid, stage, key }: Opened) => Buffer.from(ctx.platform.vault.close(keyBox(bid.id, stage.stage), key))
  await ctx.db.execute(sql`
    insert into stage_key (bid_id, stage, box, opened_at)
    select n.bid, n.stage, n.box, ${ctx.now.toISOString()}::timestamptz
    from unnest(${of(o => o.bid.id)}::uuid[], ${of(o => o.stage.stage)}::text[], ${of(boxOf)}::bytea[]) as n(bid, stage, box)
    on conflict do nothing`)
}

async function keepReads(ctx: Ctx, reads: (Read & { lotId: string })[]): Promise<void> {
  if (reads.length === 0) return
  const lines = reads.map(({ bid, lotId, read: { priceFen, form, flags } }) => {
    return { bid: bid.id, lot: lotId, price: priceFen.toString(), form, flags }
  })
  await ctx.db.execute(sql`
    insert into read_out (bid_id, lot_id, price_fen, form, flags, read_at)
    select n.bid, n.lot, n.price, n.form, n.flags, ${ctx.now.toISOString()}::timestamptz
    from json_to_recordset(${JSON.stringify(lines)}::json) as n(bid uuid, lot uuid, price bigint, form jsonb, flags text[])`)
}

const stateOf = (one: Settled): { state: BidState; fault: string | null; reason: string | null } =>
  isFailed(one) ? { ...verdictOf(one.read), reason: one.read } : { state: 'decrypted', fault: null, reason: null }

async function keepStates(ctx: Ctx, settled: Settled[]): Promise<void> {
  if (settled.length === 0) return
  const of = <T>(value: (one: Settled) => T) => sql.param(settled.map(value))
  await ctx.db.execute(sql`
    update bid set state = n.state, fault_party = n.fault, reason = n.reason
    from unnest(${of(s => s.bid.id)}::uuid[], ${of(s => stateOf(s).state)}::text[], ${of(s => stateOf(s).fault)}::text[],
      ${of(s => stateOf(s).reason)}::text[]) as n(id, state, fault, reason)
    where bid.id = n.id`)
}

const lineOf = ({ bid: { no }, read: { priceFen, flags, form } }: Read): ReadLine => {
  const { durationDays, quality, manager, note } = form
  return { no, priceFen: priceFen.toString(), priceWords: wordsOf(priceFen), durationDays, quality, manager, note, flags }
}

const failedLine = ({ bid: { no }, read }: Failed) => ({ no, failure: read, ...verdictOf(read) })

function saysOf({ says, opened, settled }: Outcome): Saying[] {
  const [reads, held, failed] = [settled.filter(isRead), settled.filter(isHeld), settled.filter(isFailed)]
  const nos = opened.map(one => one.bid.no)
  return [
    ...says,
    ...(nos.length > 0 ? [['unlocked', { nos }] as const] : []),
    ...(reads.length > 0 ? [['read', { bids: reads.map(lineOf) }] as const] : []),
    ...(held.length > 0 ? [['contents', { bids: held.map(one => ({ no: one.bid.no, roles: one.read.roles })) }] as const] : []),
    ...(failed.length > 0 ? [['failed', { bids: failed.map(failedLine) }] as const] : []),
  ]
}

/** One entry for each thing that happened to bids of a lot, whatever their number. */
async function log(ctx: Ctx, outcomes: Outcome[]): Promise<void> {
  const entries = (bidsOf: (outcome: Outcome) => Record<string, Json>[]) =>
    outcomes.flatMap(outcome => {
      const bids = bidsOf(outcome)
      return bids.length > 0 ? [{ lotId: outcome.row.lotId, facts: { bids } }] : []
    })
  const unlocked = entries(({ opened }) =>
    opened.map(({ bid, stage, findings }) => ({ statement: bid.statementHash, stage: stage.stage, ...findings })),
  )
  const read = entries(({ settled }) =>
    settled.filter(isRead).map(({ bid, read: { priceFen, flags } }) => {
      return { statement: bid.statementHash, priceFen: priceFen.toString(), flags }
    }),
  )
  const failed = entries(({ settled }) =>
    settled.filter(isFailed).map(({ bid, read: failure }) => ({ statement: bid.statementHash, failure, ...verdictOf(failure) })),
  )
  await appendMany(ctx, 'opening.unlock', unlocked)
  await appendMany(ctx, 'opening.read', read)
  await appendMany(ctx, 'opening.bid-failed', failed)
}

/** The bids as they stand after this outcome. */
function bidsAfter({ hall, settled }: Outcome): KnownBid[] {
  const now = new Map(settled.map(one => [one.bid.id, stateOf(one)]))
  return hall.bids.map(one => {
    const { state, fault: faultParty, reason } = now.get(one.id) ?? { ...one, fault: one.faultParty }
    return { ...one, state, faultParty, reason }
  })
}

/** Of the bids that are still locked, those whose keys are all known and those whose are not. */
function lockedOf({ hall, row, opened }: Outcome, bids: KnownBid[]) {
  const now = new Set(opened.map(one => stageName(one.bid.id, one.stage.stage)))
  const isKnown = (name: string) => now.has(name) || hall.keys.has(name)
  const locked = bids.filter(one => one.state === 'locked')
  const unread = locked.filter(one => stagesDue(row, one).every(stage => isKnown(stageName(one.id, stage.stage))))
  return { unread: unread.length, closed: locked.length - unread.length }
}

type Turn = { events: OpeningEvent[]; says: Saying[]; changes: Changes; lookAgainAt: Date | null }

/** The end of the reading (读完): what all bidders will confirm, frozen (《招标投标法实施条例》44). */
function endOfReading(ctx: Ctx, { hall, row }: Outcome, bids: KnownBid[], reads: Map<string, ReadOutRow>): Turn {
  const { found } = hall
  const recordPayload = recordText(ctx, found, row, bids, reads)
  const recordHash = createHash('sha256').update(recordPayload).digest('hex')
  const objectionEndsAt = addSeconds(ctx.now, found.edition.opening.objectionSeconds)
  return {
    events: ['settle-keys', 'read-all'],
    says: [
      ['reading', {}],
      ['objecting', { endsAt: objectionEndsAt.toISOString(), recordHash }],
    ],
    changes: { recordPayload, recordHash, objectionEndsAt },
    lookAgainAt: null,
  }
}

const retryMs = 2_000

/** What the opening goes on to. Ends that are not the usual one (too few read, a second envelope, parameters to be drawn, twins that may come) are left to the clock, at once. */
function turnOf(ctx: Ctx, outcome: Outcome, reads: Map<string, ReadOutRow>): Turn {
  const { hall, row, isOver } = outcome
  const bids = bidsAfter(outcome)
  const { unread, closed } = lockedOf(outcome, bids)
  const later = unread > 0 ? new Date(ctx.now.getTime() + retryMs) : null
  const isAtEnd = row.phase === 'releasing' && (isOver || closed === 0)
  if (!isAtEnd) return { events: [], says: [], changes: {}, lookAgainAt: later }
  const readable = bids.filter(one => one.state === 'decrypted').length
  const mayGoOn = !isTooFew(hall.found.edition, readable) || (mayContinue(hall.found) && readable > 0)
  const { lot } = hall.found
  const isUsual = row.stage === null && openingTermsOf(lot).parameters.length === 0 && !mayNeedTwins(lot, bids)
  if (unread + closed === 0 && mayGoOn && isUsual) return endOfReading(ctx, outcome, bids, reads)
  return { events: ['settle-keys'], says: [['reading', {}]], changes: {}, lookAgainAt: later ?? ctx.now }
}

/** The read-out of the lots that may be at their end now. */
async function readsOf(ctx: Ctx, outcomes: Outcome[]): Promise<Map<string, ReadOutRow>> {
  const ending = outcomes.filter(outcome => {
    const { row, hall, settled } = outcome
    return row.phase === 'releasing' && hall.bids.filter(one => one.state === 'locked').length === settled.length
  })
  return listReadOuts(
    ctx,
    ending.map(({ row }) => row.lotId),
  )
}

async function logEnds(ctx: Ctx, outcomes: Outcome[], turns: Turn[]): Promise<void> {
  const ended = outcomes.flatMap((outcome, i) => {
    const recordHash = turns[i]!.changes.recordHash
    if (!recordHash) return []
    const bids = bidsAfter(outcome)
    const readable = bids.filter(one => one.state === 'decrypted').length
    return [{ lotId: outcome.row.lotId, facts: { recordHash, readable, counted: bids.length } }]
  })
  await appendMany(ctx, 'opening.read-out', ended)
}

/** What is known of a hall after its outcome was committed. */
export function afterOutcome({ hall, opened, settled }: Outcome, row: OpeningRow): void {
  for (const { bid, stage, key } of opened) hall.keys.set(stageName(bid.id, stage.stage), key)
  for (const one of settled) {
    const { state, fault, reason } = stateOf(one)
    Object.assign(one.bid, { state, faultParty: fault, reason })
    for (const { stage } of one.bid.stages) hall.opened.delete(stageName(one.bid.id, stage))
  }
  hall.seq = row.eventSeq
}

/**
 * Writes what happened in many halls whose openings this transaction has locked: keys, read-out, states of bids, entries of the
 * log, and in each hall its events, a statement or two for all of them together. Returns the openings as they are then.
 */
export async function keepOutcomes(ctx: Ctx, outcomes: Outcome[]): Promise<OpeningRow[]> {
  const settled = outcomes.flatMap(one => one.settled)
  await keepKeys(
    ctx,
    outcomes.flatMap(one => one.opened),
  )
  await keepReads(
    ctx,
    outcomes.flatMap(({ row, settled: own }) => own.filter(isRead).map(one => ({ ...one, lotId: row.lotId }))),
  )
  await keepStates(ctx, settled)
  await log(ctx, outcomes)
  const reads = await readsOf(ctx, outcomes)
  const turns = outcomes.map(one => turnOf(ctx, one, reads))
  await logEnds(ctx, outcomes, turns)
  const ended = outcomes.filter((_, i) => turns[i]!.events.includes('read-all'))
  await promiseMany(
    ctx,
    'trading.lot.unpack',
    ended.map(({ row }) => ({ lotId: row.lotId })),
  )
  const moves = outcomes.map((outcome, i): Move => {
    const { events, says, changes, lookAgainAt } = turns[i]!
    const { row } = outcome
    return { row, events, says: [...saysOf(outcome), ...says], changes: { ...outcome.changes, ...changes }, lookAgainAt }
  })
  return moveMany(ctx, moves)
}
