import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, min } from 'drizzle-orm'
import { bidAct, bidFile, upload } from '@/db/schema/trading/bid'
import { command } from '~/platform/audit/command.server'
import { pace } from '~/platform/audit/pace.server'
import type { Ctx } from '~/platform/ctx'
import { openJson } from '~/platform/vault/vault.server'
import { addSeconds } from '~/shared/time'
import { type ActBox, about } from './sealed-act.server'
import { ownUpload, removeSealed } from './upload.server'

/** An upload that no commit names this long after it began is given up: whoever still wants it sends it again, by itself. */
const idleSeconds = 30 * 86_400
/**
 * Between giving up and removing. A commit that read the row before it was given up is long in the database by then: each of its
 * statements, and each pause between them, ends after two seconds (`commit-pool.server.ts`).
 */
const settleSeconds = 900
/** Few rounds through the boxes; each is opened once a round. */
const uploadsAtOnce = 5_000
const boxesAtOnce = 500

/** Gives an own upload up; it is gone for its owner at once, its bytes go with a later sweep, unless a commit names it. */
export const discardUpload = command(
  'bid.submit',
  async (ctx, { uploadId }: { uploadId: string }) => {
    const { id } = await ownUpload(ctx, uploadId)
    await ctx.db
      .update(upload)
      .set({ discardedAt: ctx.now })
      .where(and(eq(upload.id, id), isNull(upload.discardedAt)))
    return { result: undefined, entry: { sealed: true } }
  },
  'upload.discard',
)

const unjudged = and(isNull(upload.discardedAt), isNull(upload.keptAt))

/** When the next upload is to be looked at, or null. It depends on the age of uploads alone: of a lot's times nothing shows (crypto.md §10.2). */
export async function nextDiscard(ctx: Ctx): Promise<Date | null> {
  const [idle] = await ctx.db
    .select({ at: min(upload.createdAt) })
    .from(upload)
    .where(unjudged)
  const [given] = await ctx.db
    .select({ at: min(upload.discardedAt) })
    .from(upload)
    .where(isNotNull(upload.discardedAt))
  const due = [idle?.at && addSeconds(idle.at, idleSeconds), given?.at && addSeconds(given.at, settleSeconds)]
  const times = due.flatMap(one => (one ? [one.getTime()] : []))
  return times.length > 0 ? new Date(Math.min(...times)) : null
}

/** Marks those of `wanted` that sealed acts name. Their boxes are opened in this process's memory and nowhere else (crypto.md §10.2). */
async function markSealed(ctx: Ctx, wanted: Set<string>, named: Set<string>): Promise<void> {
  const turn = pace()
  for (let after: string | undefined; ; ) {
    const rows = await ctx.db
      .select({ id: bidAct.id, box: bidAct.box })
      .from(bidAct)
      .where(and(isNull(bidAct.openedAt), after ? gt(bidAct.id, after) : undefined))
      .orderBy(asc(bidAct.id))
      .limit(boxesAtOnce)
    for (const { id, box } of rows) {
      const act = openJson<ActBox>(ctx.platform.vault, about(id), box)
      const uploads = act.kind === 'submit' ? Object.values(act.uploads) : []
      for (const uploadId of uploads) if (wanted.has(uploadId)) named.add(uploadId)
      await turn()
    }
    if (rows.length < boxesAtOnce) return
    after = rows.at(-1)?.id
  }
}

/**
 * Those that a commit names, be it replaced since: in boxes before opening, in rows after it. Boxes first: what is opened meanwhile
 * is a row by the time rows are read.
 */
async function listNamed(ctx: Ctx, ids: string[]): Promise<Set<string>> {
  const named = new Set<string>()
  await markSealed(ctx, new Set(ids), named)
  const rows = await ctx.db.select({ id: bidFile.uploadId }).from(bidFile).where(inArray(bidFile.uploadId, ids))
  for (const { id } of rows) named.add(id)
  return named
}

/** Ids, apart: those that a commit names, and those that none does. */
type Judged = { named: string[]; loose: string[] }

async function judged(ctx: Ctx, rows: { id: string }[]): Promise<Judged> {
  const ids = rows.map(row => row.id)
  const named = await listNamed(ctx, ids)
  return { named: ids.filter(id => named.has(id)), loose: ids.filter(id => !named.has(id)) }
}

async function keep(ctx: Ctx, ids: string[]): Promise<void> {
  if (ids.length > 0) await ctx.db.update(upload).set({ keptAt: ctx.now, discardedAt: null }).where(inArray(upload.id, ids))
}

const entryOf = (count: number) => (count > 0 ? { facts: { count } } : { sealed: true })

const expire = command(
  'bid.submit',
  async (ctx, { named, loose }: Judged) => {
    await keep(ctx, named)
    const which = and(inArray(upload.id, loose), unjudged)
    const marked = await ctx.db.update(upload).set({ discardedAt: ctx.now }).where(which).returning({ id: upload.id })
    return { result: undefined, entry: entryOf(marked.length) }
  },
  'upload.expire',
)

const forget = command(
  'bid.submit',
  async (ctx, { named, loose }: Judged) => {
    await keep(ctx, named)
    const which = and(inArray(upload.id, loose), isNotNull(upload.discardedAt))
    const removed = await ctx.db.delete(upload).where(which).returning({ id: upload.id })
    return { result: undefined, entry: entryOf(removed.length) }
  },
  'upload.remove',
)

/** Gives up what is old and named by no commit. */
async function expireIdle(ctx: Ctx): Promise<number> {
  const rows = await ctx.db
    .select({ id: upload.id })
    .from(upload)
    .where(and(unjudged, lte(upload.createdAt, addSeconds(ctx.now, -idleSeconds))))
    .limit(uploadsAtOnce)
  if (rows.length > 0) await expire(ctx, await judged(ctx, rows))
  return rows.length
}

/** Removes what was given up and has settled: first the bytes, then the row, so that whoever is stopped in between is followed by the next. */
async function removeSettled(ctx: Ctx): Promise<number> {
  const rows = await ctx.db
    .select({ id: upload.id })
    .from(upload)
    .where(lte(upload.discardedAt, addSeconds(ctx.now, -settleSeconds)))
    .limit(uploadsAtOnce)
  if (rows.length === 0) return 0
  const found = await judged(ctx, rows)
  for (const id of found.loose) await removeSealed(ctx, id)
  await forget(ctx, found)
  return rows.length
}

/**
 * Gives up what no commit names and is old enough, and removes from the disk what was given up a while ago. What a commit names is
 * looked for anew before each, and stays. Doing it twice does it once.
 */
export async function removeDiscarded(ctx: Ctx): Promise<void> {
  while ((await expireIdle(ctx)) === uploadsAtOnce);
  while ((await removeSettled(ctx)) === uploadsAtOnce);
}
