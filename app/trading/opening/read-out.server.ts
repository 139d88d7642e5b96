import { and, eq, isNull, ne } from 'drizzle-orm'
import { fromUtf8 } from '@/crypto/bytes'
import { priceRole } from '@/crypto/frame'
import { parseCanonicalText } from '@/crypto/jcs'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { readOut } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { promise } from '~/platform/outbox/promise.server'
import { findLot } from '../lot/find-lot.server'
import { type CountedBid, listCounted } from './count.server'
import { decryptSmall, decryptToStore, keepSmall, type Plain } from './decrypt.server'
import { type OpeningRow, say } from './event.server'
import { finishReading } from './finish-reading.server'
import { lockHall } from './hall.server'
import { priceFormOf, type ReadPrice, readPrice, wordsOf } from './price-form'
import type { Failure } from './settle'
import { failBid } from './settle-keys.server'
import { type BidFileRow, readStageKey } from './stage.server'

type BidRow = typeof bid.$inferSelect
type Read = { price: ReadPrice; file: BidFileRow; plain: { meta: Plain; content: Uint8Array } }

async function findBid(ctx: Ctx, bidId: string): Promise<BidRow | null> {
  const [row] = await ctx.db.select().from(bid).where(eq(bid.id, bidId))
  return row ?? null
}

const parse = (content: Uint8Array): unknown => {
  try {
    return parseCanonicalText(fromUtf8(content))
  } catch {
    return null
  }
}

/** Decrypts the price file of a bid and reads the form in it; null while its key is not known. */
async function readPriceFile(ctx: Ctx, { id, lotId }: BidRow): Promise<Read | Failure | null> {
  const [file] = await ctx.db
    .select()
    .from(bidFile)
    .where(and(eq(bidFile.bidId, id), eq(bidFile.role, priceRole)))
  if (!file) return 'price-unreadable'
  const key = await readStageKey(ctx, id, file.stage)
  if (!key) return null
  const plain = await decryptSmall(ctx, file, key)
  if (!plain.ok) return plain.failure
  const form = priceFormOf(parse(plain.value.content), lotId)
  if (!form) return 'price-unreadable'
  const { lot } = await findLot(ctx, lotId)
  return { price: readPrice(form, lot.ceilingFen), file, plain: plain.value }
}

/** One line of the read-out (唱标), with its event in the same transaction. */
async function readAloud(ctx: Ctx, row: OpeningRow, { no, bid: b }: CountedBid, { price, file, plain }: Read): Promise<void> {
  const { priceFen, flags, form } = price
  const plainFileId = await keepSmall(ctx, plain)
  await ctx.db.update(bidFile).set({ plainFileId }).where(eq(bidFile.id, file.id))
  await ctx.db.insert(readOut).values({ bidId: b.id, lotId: row.lotId, priceFen, form, flags, readAt: ctx.now })
  await ctx.db.update(bid).set({ state: 'decrypted' }).where(eq(bid.id, b.id))
  const text = priceFen.toString()
  await append(ctx, 'opening.read', { lotId: row.lotId, facts: { statement: b.statementHash, priceFen: text, flags } })
  const { durationDays, quality, manager, note } = form
  const line = { no, priceFen: text, priceWords: wordsOf(priceFen), durationDays, quality, manager, note, flags }
  await say(ctx, row, ['read', { bids: [line] }])
  await promise(ctx, 'trading.bid.decrypt-files', { bidId: b.id })
}

const settleRead = command(
  'opening.host',
  async (ctx, { lotId, bidId, read }: { lotId: string; bidId: string; read: Read | Failure }) => {
    const { found, row } = await lockHall(ctx, lotId)
    const one = (await listCounted(ctx, row)).find(b => b.bid.id === bidId)
    if (one?.bid.state !== 'locked' || row.phase === 'aborted') return { result: null, entry: null }
    if (typeof read === 'string') await failBid(ctx, row, one, read)
    else await readAloud(ctx, row, one, read)
    await finishReading(ctx, found, row)
    return { result: null, entry: null }
  },
  'opening.read',
)

/** Decrypts one bid's price file and reads it out; done twice it is done once. */
export async function readPriceOf(ctx: Ctx, { bidId }: { bidId: string }): Promise<void> {
  const row = await findBid(ctx, bidId)
  if (row?.state !== 'locked') return
  const read = await readPriceFile(ctx, row)
  if (read) await settleRead(ctx, { lotId: row.lotId, bidId, read })
}

/** Decrypts one file for the committee. A damaged one does not undo what was read out: it is recorded for the committee. */
async function unpackFile(ctx: Ctx, file: BidFileRow): Promise<void> {
  const key = await readStageKey(ctx, file.bidId, file.stage)
  if (!key) return
  const result = await decryptToStore(ctx, file, key)
  const change = result.ok ? { plainFileId: result.value } : { problem: result.failure }
  await ctx.db.update(bidFile).set(change).where(eq(bidFile.id, file.id))
}

const unpacked = command(
  'opening.host',
  async (ctx, { lotId, bidId }: { lotId: string; bidId: string }) => {
    const { row } = await lockHall(ctx, lotId)
    const one = (await listCounted(ctx, row)).find(b => b.bid.id === bidId)
    const files = await ctx.db.select().from(bidFile).where(eq(bidFile.bidId, bidId))
    if (!one || files.some(f => f.unpackedAt) || files.some(f => !f.plainFileId && !f.problem))
      return { result: null, entry: null }
    await ctx.db.update(bidFile).set({ unpackedAt: ctx.now }).where(eq(bidFile.bidId, bidId))
    const problems = files.flatMap(f => (f.problem ? [{ role: f.role, problem: f.problem }] : []))
    await say(ctx, row, ['unpacked', { bids: [{ no: one.no, files: files.length, problems }] }])
    return { result: null, entry: { lotId, facts: { statement: one.bid.statementHash, files: files.length, problems } } }
  },
  'opening.unpack',
)

/** Decrypts the other files of a bid that was read out, one after the other; goes on where it was stopped. */
export async function unpackBid(ctx: Ctx, { bidId }: { bidId: string }): Promise<void> {
  const row = await findBid(ctx, bidId)
  if (row?.state !== 'decrypted') return
  const waiting = and(eq(bidFile.bidId, bidId), ne(bidFile.role, priceRole), isNull(bidFile.plainFileId), isNull(bidFile.problem))
  for (const file of await ctx.db.select().from(bidFile).where(waiting)) await unpackFile(ctx, file)
  await unpacked(ctx, { lotId: row.lotId, bidId })
}
