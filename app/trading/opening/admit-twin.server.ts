import { and, eq, inArray } from 'drizzle-orm'
import { bidTwin } from '@/db/schema/trading/opening-act'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { priceRole } from '../bid/bid'
import { readSealed } from '../bid/upload.server'
import type { ActWish } from './act'
import type { Effect, Hall } from './act-effects.server'
import { type CountedBid, listCounted } from './count.server'
import { finishReading } from './finish-reading.server'
import { forgetHall, type KnownHall, knownHalls } from './known-hall.server'
import { lockOpenings } from './move-many.server'
import { openingPhaseText } from './opening.text'
import { keepOutcomes, type Outcome } from './outcome.server'
import { readPriceContent } from './read-price.server'
import { twinRuleOf } from './twin'
import { listTwins, openTwin } from './twin-window.server'

type Handed = { one: CountedBid; row: Awaited<ReturnType<typeof listTwins>>[number] }

/** Twins that wait for a decision, of these bids or of all. */
async function listHanded(ctx: Ctx, { row }: Hall, { nos }: ActWish): Promise<Handed[]> {
  const twins = new Map((await listTwins(ctx, row)).map(twin => [twin.bidId, twin]))
  return (await listCounted(ctx, row)).flatMap(one => {
    const twin = twins.get(one.bid.id)
    const isAsked = twin?.state === 'handed' && twinRuleOf(one.bid) !== null && (!nos || nos.includes(one.no))
    return isAsked ? [{ one, row: twin }] : []
  })
}

async function decideOn(ctx: Ctx, handed: Handed[], state: 'admitted' | 'declined'): Promise<void> {
  const ids = handed.map(({ one }) => one.bid.id)
  const waiting = and(inArray(bidTwin.bidId, ids), eq(bidTwin.state, 'handed'))
  await ctx.db.update(bidTwin).set({ state, decidedAt: ctx.now }).where(waiting)
}

/** What is read out of a twin: its price, marked as a twin's, or what else the envelope holds. */
async function readTwin(ctx: Ctx, { found }: KnownHall, { row }: Handed): Promise<Outcome['settled'][number]['read']> {
  const files = openTwin(ctx, row)
  const price = files.find(file => file.role === priceRole)
  if (!price) return { roles: files.map(file => file.role) }
  const pieces: Uint8Array[] = []
  for await (const piece of readSealed(ctx, price.uploadId)) pieces.push(piece)
  const read = readPriceContent(found.lot, Buffer.concat(pieces))
  return typeof read === 'string' ? read : { ...read, flags: [...read.flags, 'by-twin'] }
}

/** The opening as it is now that its hall was told of the decision, and what is known of it. */
async function readAgain(ctx: Ctx, { row: { lotId } }: Hall) {
  const rows = await lockOpenings(ctx, [lotId])
  return { row: rows.get(lotId)!, hall: (await knownHalls(ctx, rows)).get(lotId)! }
}

async function readOut(ctx: Ctx, found: Hall, handed: Handed[]): Promise<void> {
  const { row, hall } = await readAgain(ctx, found)
  const settled: Outcome['settled'] = []
  for (const one of handed) {
    const bid = hall.bids.find(known => known.id === one.one.bid.id)!
    settled.push({ bid, read: await readTwin(ctx, hall, one) })
  }
  const nos = handed.map(({ one }) => one.no)
  const outcome: Outcome = { hall, row, says: [['twins-admitted', { nos }]], changes: {}, opened: [], settled, isOver: false }
  const [after] = await keepOutcomes(ctx, [outcome])
  await finishReading(ctx, found.found, after!)
}

/**
 * Admits twin files (补录) in place of bids that could not be opened, and reads their prices out (《电子招标投标办法》31): proposed
 * by the host, decided by the supervisor. Declined, they are not asked for again.
 */
export const admitTwin: Effect = {
  check: async (hall, ctx) => {
    const { phase } = hall.row
    refuseUnless(phase === 'reading', 'wrong-state', { state: openingPhaseText[phase], event: '补录未加密副本' })
    refuseUnless((await listHanded(ctx, hall, {})).length > 0, 'twin-none')
  },
  run: async (ctx, hall, { wish }) => {
    const handed = await listHanded(ctx, hall, wish)
    refuseUnless(handed.length > 0, 'twin-none')
    await decideOn(ctx, handed, 'admitted')
    try {
      await readOut(ctx, hall, handed)
    } finally {
      // Read inside a transaction that may yet fail: whoever needs it next reads it anew.
      forgetHall(ctx.platform, hall.row.lotId)
    }
    return { statements: handed.map(({ one }) => one.bid.statementHash) }
  },
  decline: async (ctx, hall, { wish }) => {
    await decideOn(ctx, await listHanded(ctx, hall, wish), 'declined')
    await finishReading(ctx, hall.found, (await readAgain(ctx, hall)).row)
  },
}
