import { tradeClock } from '~/platform/audit/clock.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { type FoundLot, findLot } from '../lot/find-lot.server'
import { isAnnounced } from '../lot/lot'
import { openingTermsOf } from '../lot/opening-terms'
import { type CountedBid, listCounted } from './count.server'
import { findOpening, listEvents, type OpeningRow } from './event.server'
import { listReadOut, type ReadOutRow } from './finish-reading.server'
import { type Hall, hallOf } from './hall'
import { type OpeningState, stateBefore } from './opening'
import { type BidFileRow, listFiles } from './stage.server'

/** What everybody may know of an opening: before T only the time and that it has not begun (crypto.md §10.12). */
export type PublicOpening = {
  lotId: string
  lotCode: string
  lotName: string
  projectName: string
  now: Date
  phase: OpeningState
  biddingEndsAt: Date | null
  closedAt: Date | null
  counted: number | null
  releaseEndsAt: Date | null
  objectionEndsAt: Date | null
  confirmEndsAt: Date | null
  recordHash: string | null
  /** The canonical text whose SHA-256 is recordHash: what bidders confirm. */
  record: string | null
  hall: Hall
}

/** The opening of an announced lot, as the public sees it. Refuses not-found before the lot is announced. */
export async function readPublicOpening(ctx: Ctx, lotId: string): Promise<PublicOpening> {
  const { lot, project } = await findLot(ctx, lotId)
  refuseUnless(isAnnounced(lot.state), 'not-found')
  const row = await findOpening(ctx, lotId)
  const events = row ? await listAllEvents(ctx, lotId) : []
  return {
    lotId,
    lotCode: lot.code,
    lotName: lot.name,
    projectName: project.name,
    now: ctx.now,
    phase: row?.phase ?? stateBefore(lot.biddingEndsAt, openingTermsOf(lot).signInSeconds, ctx.now),
    biddingEndsAt: lot.biddingEndsAt,
    closedAt: lot.closedAt,
    counted: row?.counted ?? null,
    releaseEndsAt: row?.releaseEndsAt ?? null,
    objectionEndsAt: row?.objectionEndsAt ?? null,
    confirmEndsAt: row?.confirmEndsAt ?? null,
    recordHash: row?.recordHash ?? null,
    record: row?.recordPayload ?? null,
    hall: hallOf(events),
  }
}

/** What a watcher is told first: the time, and where the opening stands. */
export type HallHead = Pick<PublicOpening, 'now' | 'phase' | 'biddingEndsAt'>

/** The head of a hall, as everybody may know it. Refuses not-found before the lot is announced. */
export async function readHallHead(ctx: Ctx, lotId: string): Promise<HallHead> {
  const { lot } = await findLot(ctx, lotId)
  refuseUnless(isAnnounced(lot.state), 'not-found')
  const row = await findOpening(ctx, lotId)
  const now = await tradeClock(ctx.db)
  const phase = row?.phase ?? stateBefore(lot.biddingEndsAt, openingTermsOf(lot).signInSeconds, now)
  return { now, phase, biddingEndsAt: lot.biddingEndsAt }
}

const pageOfEvents = 1_000

/** Every event of a lot's hall, in order. */
export async function listAllEvents(ctx: Ctx, lotId: string) {
  const events = await listEvents(ctx, lotId, 0, pageOfEvents)
  for (let got = events.length; got === pageOfEvents; ) {
    const more = await listEvents(ctx, lotId, events.at(-1)!.seq, pageOfEvents)
    events.push(...more)
    got = more.length
  }
  return events
}

export type OpenedBid = CountedBid & { read: ReadOutRow | null; files: BidFileRow[] }
export type ReadOpening = FoundLot & { opening: OpeningRow; bids: OpenedBid[] }

/**
 * The opened bids of a lot, for evaluation: rows, read-out and files (their content is for the committee alone). Who may see
 * what of it is the caller's question. Refuses not-found while the lot has not closed.
 */
export async function readOpening(ctx: Ctx, lotId: string): Promise<ReadOpening> {
  const found = await findLot(ctx, lotId)
  const opening = await findOpening(ctx, lotId)
  refuseUnless(opening, 'not-found')
  const read = await listReadOut(ctx, lotId)
  const bids: OpenedBid[] = []
  for (const one of await listCounted(ctx, opening)) {
    bids.push({ ...one, read: read.get(one.bid.id) ?? null, files: await listFiles(ctx, one.bid.id) })
  }
  return { ...found, opening, bids }
}
