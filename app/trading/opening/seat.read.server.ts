import { and, eq, gt, gte } from 'drizzle-orm'
import { releaseMessage } from '@/db/schema/trading/opening'
import { lotCustodian } from '@/db/schema/trading/project'
import type { Ctx, PersonActor } from '~/platform/ctx'
import { type FoundLot, findLot } from '../lot/find-lot.server'
import { answerScope, listAnswers } from './answer.server'
import type { AnswerScope } from './answer-text'
import { type CountedBid, listCounted } from './count.server'
import { isAwaited } from './envelope'
import { findOpening, type OpeningRow } from './event.server'
import { allowableFrom } from './tsa-release.server'
import { givesTwins, takesTwin, twinRuleOf } from './twin'
import { twinStatesOf } from './twin-window.server'

/** Where the reader sits in the hall, and what is for them to do there now. */
export type Seat =
  | { role: 'public' }
  | { role: 'host'; objections: { no: number; organisationId: string; organisation: string; text: string }[] }
  | { role: 'supervisor'; mayAllowFrom: Date | null }
  | { role: 'custodian'; org: string; mayRelease: boolean; hasReleased: boolean; isByTimestamp: boolean }
  | {
      role: 'bidder'
      org: string
      no: number
      mayRelease: boolean
      hasReleased: boolean
      isByTimestamp: boolean
      answer: AnswerScope | null
      /** Whether its word is awaited: without one it is recorded as silent. */
      isAwaited: boolean
      /** The statement and envelope whose twin files (补录) may be handed in now; null where none may. */
      twin: { statement: string; stage: string | null } | null
    }

const nobody: Seat = { role: 'public' }

const canRelease = (ctx: Ctx, row: OpeningRow) =>
  row.phase === 'releasing' && row.releaseEndsAt !== null && ctx.now < row.releaseEndsAt

/** Of two envelopes (双信封) it is about the one whose turn it is. */
async function hasReleased(ctx: Ctx, row: OpeningRow, org: string): Promise<boolean> {
  if (!row.releaseOpenedAt) return false
  const { lotId, round, organisationId, accepted, receivedAt, no } = releaseMessage
  const ofSitting = and(gt(accepted, 0), gte(receivedAt, row.releaseOpenedAt))
  const own = and(eq(lotId, row.lotId), eq(round, row.round), eq(organisationId, org), ofSitting)
  return (await ctx.db.select({ no }).from(releaseMessage).where(own).limit(1)).length > 0
}

async function hostSeat(ctx: Ctx, row: OpeningRow): Promise<Seat> {
  const [bids, answers] = [await listCounted(ctx, row), await listAnswers(ctx, row)]
  const open = answers.filter(a => a.answer === 'objection' && a.reply === null)
  const objections = open.flatMap(({ organisationId, text }) => {
    const one = bids.find(b => b.bid.organisationId === organisationId)
    return one ? [{ no: one.no, organisationId, organisation: one.organisation, text }] : []
  })
  return { role: 'host', objections: row.phase === 'objecting' || row.phase === 'confirming' ? objections : [] }
}

async function custodianSeat(ctx: Ctx, row: OpeningRow, org: string): Promise<Seat> {
  const own = and(eq(lotCustodian.lotId, row.lotId), eq(lotCustodian.round, row.round), eq(lotCustodian.organisationId, org))
  const rows = await ctx.db.select({ id: lotCustodian.id }).from(lotCustodian).where(own)
  if (rows.length === 0) return nobody
  const isByTimestamp = row.releaseBasis === 'timestamp'
  return {
    role: 'custodian',
    org,
    mayRelease: canRelease(ctx, row),
    hasReleased: await hasReleased(ctx, row, org),
    isByTimestamp,
  }
}

/** Not once one is in hand: what was handed in waits for the word on it. */
async function mayHandIn(ctx: Ctx, { lot }: FoundLot, row: OpeningRow, { bid }: CountedBid): Promise<boolean> {
  const isOpen = givesTwins(lot) && takesTwin(row, bid, ctx.now) && (bid.state === 'locked' || twinRuleOf(bid) !== null)
  return isOpen && (await twinStatesOf(ctx, row)).get(bid.id) === undefined
}

async function bidderSeat(ctx: Ctx, found: FoundLot, row: OpeningRow, org: string): Promise<Seat> {
  // With too few bids only the number is public, and nobody's name (crypto.md §10.12).
  if (row.abortReason === 'submitted' || row.phase === 'closing' || row.phase === 'counting') return nobody
  const own = (await listCounted(ctx, row)).find(b => b.bid.organisationId === org)
  if (!own) return nobody
  const answers = await listAnswers(ctx, row)
  const maySpeak = (row.phase === 'objecting' || row.phase === 'confirming') && !answers.some(a => a.organisationId === org)
  return {
    role: 'bidder',
    org,
    no: own.no,
    mayRelease: canRelease(ctx, row) && own.bid.state === 'locked' && found.lot.releaseMode !== 'custody',
    hasReleased: await hasReleased(ctx, row, org),
    isByTimestamp: row.releaseBasis === 'timestamp',
    answer: maySpeak ? answerScope(ctx, found, row, org) : null,
    isAwaited: isAwaited(row, own.bid.id),
    twin: (await mayHandIn(ctx, found, row, own)) ? { statement: own.bid.statementHash, stage: row.stage } : null,
  }
}

async function seatOf(ctx: Ctx, actor: PersonActor, found: FoundLot, row: OpeningRow): Promise<Seat> {
  const { role, organisationId } = actor
  if (role === 'agency' || role === 'tenderer') return organisationId === found.project.agencyId ? hostSeat(ctx, row) : nobody
  if (role === 'supervisor')
    return found.lot.regionCode.startsWith(actor.regionPrefix)
      ? { role, mayAllowFrom: await allowableFrom(ctx, found, row) }
      : nobody
  if (role === 'custodian') return custodianSeat(ctx, row, organisationId)
  return role === 'bidder' ? bidderSeat(ctx, found, row, organisationId) : nobody
}

/** The reader's seat in a lot's hall; the public's before the lot has closed. */
export async function readSeat(ctx: Ctx, lotId: string): Promise<Seat> {
  const row = await findOpening(ctx, lotId)
  if (!row || ctx.actor.kind !== 'person') return nobody
  return seatOf(ctx, ctx.actor, await findLot(ctx, lotId), row)
}
