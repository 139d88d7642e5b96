import { and, asc, eq, gt, gte, min } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { releaseMessage } from '@/db/schema/trading/opening'
import { lotCustodian } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { listActs, readDrawn } from './act.read.server'
import { listAnswers } from './answer.server'
import { listAttendance } from './attendance.server'
import { envelopeOf, isAwaited, rolesIn } from './envelope'
import type { OpeningRow } from './event.server'
import type { OpenedBid, ReadOpening } from './read.server'
import type { RecordFacts, RecordLine } from './record-paper'
import { listSigners } from './record-signers.server'
import { listRefused } from './refused.server'
import type { Failure, Fault } from './settle'

type Answers = Awaited<ReturnType<typeof listAnswers>>

/** What the first of two envelopes (双信封) holds, where this record is about it. */
const contentsOf = (b: OpenedBid['bid'], envelope: RecordFacts['envelope']) =>
  envelope === 1 && b.state === 'decrypted' ? rolesIn(b.stages) : null

function lineOf({ no, organisation: name, creditCode, bid: b, read }: OpenedBid, answers: Answers, row: OpeningRow): RecordLine {
  return {
    no,
    organisation: name,
    creditCode,
    committedAt: b.committedAt,
    state: b.state,
    failure: b.reason as Failure | null,
    fault: b.faultParty as Fault | null,
    read: read && { priceFen: read.priceFen, form: read.form, flags: read.flags },
    contents: contentsOf(b, envelopeOf(row)),
    isAwaited: isAwaited(row, b.id),
    answer: answers.find(a => a.organisationId === b.organisationId) ?? null,
  }
}

/** Bids that were replaced or withdrawn before the deadline. */
async function listEarlier(ctx: Ctx, { lotId, round }: OpeningRow): Promise<RecordFacts['earlier']> {
  const rows = await ctx.db
    .select({ organisation: organisation.name, state: bid.state, reason: bid.reason, committedAt: bid.committedAt })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(and(eq(bid.lotId, lotId), eq(bid.round, round)))
    .orderBy(asc(bid.leafIdx))
  return rows.filter(row => row.state === 'replaced' || row.state === 'withdrawn-before' || row.reason === 'not-confirmed')
}

/** When each custodian first released a share. */
async function listCustodians(ctx: Ctx, { lotId, round, releaseOpenedAt }: OpeningRow): Promise<RecordFacts['custodians']> {
  // Of two envelopes (双信封): those for the one this record is about.
  const ofSitting = releaseOpenedAt ? gte(releaseMessage.receivedAt, releaseOpenedAt) : undefined
  const released = await ctx.db
    .select({ by: releaseMessage.organisationId, at: min(releaseMessage.receivedAt) })
    .from(releaseMessage)
    .where(and(eq(releaseMessage.lotId, lotId), eq(releaseMessage.round, round), gt(releaseMessage.accepted, 0), ofSitting))
    .groupBy(releaseMessage.organisationId)
  const rows = await ctx.db
    .select({ id: organisation.id, name: organisation.name })
    .from(lotCustodian)
    .innerJoin(organisation, eq(organisation.id, lotCustodian.organisationId))
    .where(and(eq(lotCustodian.lotId, lotId), eq(lotCustodian.round, round)))
    .orderBy(asc(lotCustodian.idx))
  return rows.map(row => ({ organisation: row.name, releasedAt: released.find(r => r.by === row.id)?.at ?? null }))
}

/** When each counted bidder signed in, by its number. */
async function attendedOf(ctx: Ctx, row: OpeningRow, bids: OpenedBid[]): Promise<RecordFacts['attended']> {
  const marks = await listAttendance(ctx, row)
  return bids.flatMap(({ no, bid: { organisationId } }) => {
    const at = marks.find(m => m.organisationId === organisationId)?.at
    return at ? [{ no, at }] : []
  })
}

/** Everything the record says, from the rows. */
export async function recordFacts(ctx: Ctx, read: ReadOpening): Promise<RecordFacts> {
  const { lot, project, opening, bids } = read
  const [agency] = await ctx.db
    .select({ name: organisation.name })
    .from(organisation)
    .where(eq(organisation.id, project.agencyId))
  const answers = await listAnswers(ctx, opening)
  return {
    projectName: project.name,
    projectCode: project.code,
    lotName: lot.name,
    lotCode: lot.code,
    tenderer: project.tendererName,
    agency: agency?.name ?? '',
    place: '网上开标大厅（不见面开标）',
    deadline: lot.biddingEndsAt!,
    closedAt: lot.closedAt!,
    ceilingFen: lot.ceilingFen,
    counted: opening.counted ?? bids.length,
    releaseBasis: opening.releaseBasis ?? 'cosignature',
    envelope: envelopeOf(opening),
    lines: bids.map(one => lineOf(one, answers, opening)),
    earlier: await listEarlier(ctx, opening),
    refused: await listRefused(ctx, opening),
    custodians: await listCustodians(ctx, opening),
    closeIdx: opening.closeIdx!,
    deadlineSize: opening.deadlineSize!,
    attended: await attendedOf(ctx, opening, bids),
    signers: await listSigners(ctx, read, opening),
    drawn: await readDrawn(ctx, opening),
    acts: await listActs(ctx, opening),
  }
}
