import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import {
  type DrawAck,
  type DrawCommit,
  type DrawMessage,
  type DrawPrelude,
  type DrawShare,
  type DrawV,
  readSigned,
  type Signed,
} from '@/crypto/draw-message'
import { canonical } from '@/crypto/jcs'
import { logPayload } from '@/db/schema/platform/log'
import { draw, drawMessage } from '@/db/schema/trading/draw'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { refuseUnless } from '~/shared/refusal'
import type { DrawRow } from './draw-request.server'

type KeptRow = typeof drawMessage.$inferSelect

/** Logs a signed message ({msg, sig} is the whole payload) and keeps it; `about` makes each kind unique within its draw. */
export async function keepMessage(ctx: Ctx, row: DrawRow, signed: Signed, party: string, about: string): Promise<void> {
  const action = signed.msg.t.slice('tbid/'.length, -'@1'.length)
  const payload = JSON.parse(canonical(signed))
  const { entryId } = await append(ctx, action, { lotId: row.lotId, payload })
  await ctx.db.insert(drawMessage).values({
    id: crypto.randomUUID(),
    drawId: row.id,
    t: signed.msg.t,
    about,
    party,
    signed: canonical(signed),
    entryId,
    receivedAt: ctx.now,
  })
  await announce(ctx, row.id)
}

/** Tells whoever watches a draw that something happened; heard when the transaction commits. */
export const announce = (ctx: Ctx, id: string) => ctx.db.execute(sql`select pg_notify('draw', ${id})`)

/** A kept message with the id of its log entry. */
export type Kept<M extends DrawMessage> = { signed: Signed<M>; entryId: string }

export type DrawMessages = {
  prelude: Kept<DrawPrelude>
  commits: Kept<DrawCommit>[]
  acks: Kept<DrawAck>[]
  v: Kept<DrawV> | null
  shares: Kept<DrawShare>[]
}

const kept = <T extends DrawMessage['t']>(rows: KeptRow[], t: T): Kept<Extract<DrawMessage, { t: T }>>[] =>
  rows.flatMap(row => (row.t === t ? [{ signed: readSigned(JSON.parse(row.signed), t), entryId: row.entryId }] : []))

function messagesIn(rows: KeptRow[]): DrawMessages | null {
  const [prelude] = kept(rows, 'tbid/draw.prelude@1')
  if (!prelude) return null
  return {
    prelude,
    commits: kept(rows, 'tbid/draw.commit@1'),
    acks: kept(rows, 'tbid/draw.ack@1'),
    v: kept(rows, 'tbid/draw.v@1')[0] ?? null,
    shares: kept(rows, 'tbid/draw.share@1'),
  }
}

/** Everything the parties have said in some draws, each kind in the order of arrival; draws without a prelude are missing. */
export async function readManyMessages(ctx: Ctx, drawIds: string[]): Promise<Map<string, DrawMessages>> {
  const found = new Map<string, DrawMessages>()
  if (drawIds.length === 0) return found
  const rows = await ctx.db
    .select()
    .from(drawMessage)
    .where(inArray(drawMessage.drawId, drawIds))
    .orderBy(asc(drawMessage.receivedAt), asc(drawMessage.about))
  const own = new Map(drawIds.map(id => [id, [] as KeptRow[]]))
  for (const row of rows) own.get(row.drawId)?.push(row)
  for (const [id, list] of own) {
    const messages = messagesIn(list)
    if (messages) found.set(id, messages)
  }
  return found
}

/** As `readManyMessages`, of one draw; null before its prelude. */
export const readMessages = async (ctx: Ctx, drawId: string): Promise<DrawMessages | null> =>
  (await readManyMessages(ctx, [drawId])).get(drawId) ?? null

/** As `readMessages`, for a draw that has begun; refuses wrong-state otherwise. */
export async function messagesOf(ctx: Ctx, row: DrawRow): Promise<DrawMessages> {
  const messages = await readMessages(ctx, row.id)
  refuseUnless(messages, 'draw-not-due', { state: row.state })
  return messages
}

/** Log indexes of entries, by entry id; entries not sequenced yet are missing. */
export async function indexesOf(ctx: Ctx, entryIds: string[]): Promise<Map<string, number>> {
  if (entryIds.length === 0) return new Map()
  const rows = await ctx.db
    .select({ entryId: logPayload.entryId, idx: logPayload.idx })
    .from(logPayload)
    .where(inArray(logPayload.entryId, entryIds))
  return new Map(rows.map(row => [row.entryId, row.idx]))
}

/** A draw by its id or by its public drawId. Refuses not-found. */
export async function readDrawRow(ctx: Ctx, id: string): Promise<DrawRow> {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  const [row] = await ctx.db
    .select()
    .from(draw)
    .where(and(isUuid ? eq(draw.id, id) : eq(draw.drawId, id)))
  refuseUnless(row, 'not-found')
  return row
}
