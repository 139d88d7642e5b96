import { and, eq, inArray } from 'drizzle-orm'
import { bidTwin, type TwinState } from '@/db/schema/trading/opening-act'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { addSeconds } from '~/shared/time'
import type { FoundLot } from '../lot/find-lot.server'
import type { CountedBid } from './count.server'
import { changeOpening, type OpeningRow, say } from './event.server'
import { givesTwins, type TwinFile, twinsWaiting } from './twin'

/** What the box of a twin is bound to. */
const twinBox = (bidId: string, stage: string) => `twin ${bidId} ${stage}`

export const closeTwin = ({ platform }: Ctx, bidId: string, stage: string, files: TwinFile[]): Uint8Array =>
  platform.vault.close(twinBox(bidId, stage), Buffer.from(JSON.stringify(files)))

export const openTwin = ({ platform }: Ctx, row: { bidId: string; stage: string; box: Uint8Array }): TwinFile[] =>
  JSON.parse(Buffer.from(platform.vault.open(twinBox(row.bidId, row.stage), row.box)).toString()) as TwinFile[]

type Scope = Pick<OpeningRow, 'lotId' | 'round' | 'stage'>

/** Twins of the envelope at hand (of all files where one act opens everything). */
export function listTwins(ctx: Ctx, { lotId, round, stage }: Scope) {
  const own = and(eq(bidTwin.lotId, lotId), eq(bidTwin.round, round))
  return ctx.db
    .select()
    .from(bidTwin)
    .where(stage === null ? own : and(own, eq(bidTwin.stage, stage)))
}

/** The files of a bid that were admitted as its twin, of all its stages. */
export async function readAdmittedTwins(ctx: Ctx, bidId: string): Promise<TwinFile[]> {
  const own = and(eq(bidTwin.bidId, bidId), eq(bidTwin.state, 'admitted'))
  const rows = await ctx.db.select().from(bidTwin).where(own)
  return rows.flatMap(row => openTwin(ctx, row))
}

/** How far the twins of each bid are. */
export const twinStatesOf = async (ctx: Ctx, scope: Scope): Promise<Map<string, TwinState>> =>
  new Map((await listTwins(ctx, scope)).map(row => [row.bidId, row.state]))

type Waiting = ReturnType<typeof twinsWaiting>

async function begin(ctx: Ctx, { edition }: FoundLot, row: OpeningRow, { handed, awaited }: Waiting): Promise<void> {
  const { twinSeconds, twinDecisionSeconds } = edition.opening
  const isTaking = awaited.length > 0
  const twinEndsAt = addSeconds(ctx.now, isTaking ? twinSeconds : twinDecisionSeconds)
  await changeOpening(ctx, row, { twinEndsAt, twinClosedAt: isTaking ? null : ctx.now, nextCheckAt: twinEndsAt })
  const facts = { handed, awaited, endsAt: twinEndsAt.toISOString() }
  await say(ctx, row, ['twins-awaited', facts])
  await append(ctx, 'opening.await-twins', { lotId: row.lotId, facts })
}

/** No more are taken; what was handed in still waits for the word on it. */
async function endTaking(ctx: Ctx, { edition }: FoundLot, row: OpeningRow, handed: number[]): Promise<void> {
  const twinEndsAt = addSeconds(ctx.now, edition.opening.twinDecisionSeconds)
  await changeOpening(ctx, row, { twinEndsAt, twinClosedAt: ctx.now, nextCheckAt: twinEndsAt })
  const facts = { handed, awaited: [], endsAt: twinEndsAt.toISOString() }
  await say(ctx, row, ['twins-awaited', facts])
  await append(ctx, 'opening.await-twins', { lotId: row.lotId, facts })
}

/** Nobody decided in time: the bids stay what the evidence made of them. */
async function lapse(ctx: Ctx, row: OpeningRow, nos: number[], bidIds: string[]): Promise<void> {
  const waiting = and(inArray(bidTwin.bidId, bidIds), eq(bidTwin.state, 'handed'))
  await ctx.db.update(bidTwin).set({ state: 'lapsed', decidedAt: ctx.now }).where(waiting)
  await say(ctx, row, ['twins-lapsed', { nos }])
  await append(ctx, 'opening.lapse-twins', { lotId: row.lotId, facts: { nos } })
}

/**
 * Whether the end of the reading waits for twin files (补录) or the word on them, and sets the time for it. Asked each time
 * nothing is left to be read; a bid that was read or declined meanwhile is not waited for.
 */
export async function awaitTwins(ctx: Ctx, found: FoundLot, row: OpeningRow, bids: CountedBid[]): Promise<boolean> {
  if (!givesTwins(found.lot)) return false
  const { twinEndsAt, twinClosedAt } = row
  const isTaking = twinEndsAt === null || (twinClosedAt === null && ctx.now < twinEndsAt)
  const failed = bids.map(({ no, bid: { id, state, reason } }) => ({ no, id, state, reason }))
  const waiting = twinsWaiting(failed, await twinStatesOf(ctx, row), isTaking)
  const { handed, awaited } = waiting
  if (handed.length + awaited.length === 0) return false
  if (twinEndsAt === null) await begin(ctx, found, row, waiting)
  else if (ctx.now < twinEndsAt) return true
  else if (twinClosedAt === null) await endTaking(ctx, found, row, handed)
  else {
    const ids = failed.filter(one => handed.includes(one.no)).map(one => one.id)
    await lapse(ctx, row, handed, ids)
    return false
  }
  return true
}
