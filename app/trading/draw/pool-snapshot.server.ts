import { and, asc, desc, eq, inArray, isNotNull, lt, notInArray, sql } from 'drizzle-orm'
import { pageSize, pageTop, rootOfTops } from '@/crypto/draw-pool'
import { draw } from '@/db/schema/trading/draw'
import { expert, expertPool, expertPoolPage } from '@/db/schema/trading/expert'
import type { Ctx } from '~/platform/ctx'

/** Any constant: one snapshot is made at a time, and whoever waited finds it made. */
const snapshotLock = 7_203_821
const keptDays = 7

type Pool = typeof expertPool.$inferSelect

/** The newest snapshot of the library, or null before the first. */
export async function newestPool(ctx: Ctx): Promise<Pool | null> {
  const [row] = await ctx.db.select().from(expertPool).orderBy(desc(expertPool.createdAt)).limit(1)
  return row ?? null
}

/** Leaves and ids of all experts into pages, in one statement: the server sorts a million rows faster than they travel. */
const writePages = (ctx: Ctx, id: string) =>
  ctx.db.execute(sql`
    insert into expert_pool_page (pool_id, page, first, leaves, members)
    select ${id}::uuid, page, (array_agg(leaf order by leaf))[1], string_agg(leaf, ''::bytea order by leaf),
           string_agg(member, ''::bytea order by leaf)
    from (
      select leaf, member, (row_number() over (order by leaf) - 1) / ${sql.raw(String(pageSize))} as page
      from (select decode(${expert.leaf}, 'hex') as leaf, uuid_send(${expert.id}) as member from ${expert}) raw
    ) placed
    group by page`)

const batch = 64

/** Hashes the pages, some at a time: the process that does it goes on with its other work in between. */
async function hashPages(ctx: Ctx, id: string): Promise<{ tops: Uint8Array[]; size: number }> {
  const tops: Uint8Array[] = []
  let size = 0
  for (let from = 0; ; from += batch) {
    const wanted = Array.from({ length: batch }, (_, at) => from + at)
    const pages = await ctx.db
      .select({ leaves: expertPoolPage.leaves })
      .from(expertPoolPage)
      .where(and(eq(expertPoolPage.poolId, id), inArray(expertPoolPage.page, wanted)))
      .orderBy(asc(expertPoolPage.page))
    for (const { leaves } of pages) tops.push(pageTop(leaves))
    size += pages.reduce((all, { leaves }) => all + leaves.length / 32, 0)
    if (pages.length < batch) return { tops, size }
  }
}

/** Old snapshots that no draw refers to; those of draws stay for good, since their proofs need them. */
async function forgetOld(ctx: Ctx): Promise<void> {
  const used = ctx.db.select({ root: draw.poolRoot }).from(draw).where(isNotNull(draw.poolRoot))
  const old = lt(expertPool.createdAt, new Date(ctx.now.getTime() - keptDays * 86_400_000))
  await ctx.db.delete(expertPool).where(and(old, notInArray(expertPool.root, used)))
}

/**
 * Makes a snapshot of the library as it is now (crypto.md §4 step 1), unless one was made after `since`: several draws that find the newest
 * one outdated share the next. The very same library again keeps the snapshot it has.
 */
export async function takeSnapshot(ctx: Ctx, since: Date | null): Promise<void> {
  await ctx.db.transaction(async tx => {
    const inner = { ...ctx, db: tx }
    await tx.execute(sql`select pg_advisory_xact_lock(${snapshotLock})`)
    const newest = await newestPool(inner)
    if (newest && (!since || newest.createdAt > since)) return
    const { rows } = await tx.execute<{ now: Date }>(sql`select trade_clock() as now`)
    const createdAt = new Date(rows[0]!.now)
    const id = crypto.randomUUID()
    const made = { id, root: id, size: 0, tops: new Uint8Array(), createdAt }
    await tx.insert(expertPool).values(made)
    await writePages(inner, id)
    const { tops, size } = await hashPages(inner, id)
    const root = rootOfTops(tops)
    const [same] = await tx.update(expertPool).set({ createdAt }).where(eq(expertPool.root, root)).returning()
    if (same) await tx.delete(expertPool).where(eq(expertPool.id, id))
    else
      await tx
        .update(expertPool)
        .set({ root, size, tops: Buffer.concat(tops) })
        .where(eq(expertPool.id, id))
    await forgetOld(inner)
  })
}

/** 02:00 in Beijing (18:00 UTC): few draws begin then. */
const nightlyUtcHour = 18
const dayMs = 86_400_000

/** When the nightly snapshot is due: at once before the first, else the first night after the newest. Null for an empty library. */
export async function nextSnapshot(ctx: Ctx): Promise<Date | null> {
  const [anybody] = await ctx.db.select({ id: expert.id }).from(expert).limit(1)
  if (!anybody) return null
  const newest = await newestPool(ctx)
  if (!newest) return ctx.now
  const night = new Date(newest.createdAt)
  night.setUTCHours(nightlyUtcHour, 0, 0, 0)
  return night > newest.createdAt ? night : new Date(night.getTime() + dayMs)
}

/** The nightly snapshot. */
export async function snapshotNightly(ctx: Ctx): Promise<void> {
  const newest = await newestPool(ctx)
  await takeSnapshot(ctx, newest?.createdAt ?? new Date(0))
}
