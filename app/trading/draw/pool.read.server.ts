import { and, asc, desc, eq, gte, lt, lte, sql } from 'drizzle-orm'
import { isMember } from '@/crypto/draw-fixed'
import { leavesOf, pageSize, proofInPool } from '@/crypto/draw-pool'
import type { ContactProof } from '@/crypto/draw-transcript'
import { expertPool, expertPoolPage } from '@/db/schema/trading/expert'
import type { Ctx } from '~/platform/ctx'

async function poolOf(ctx: Ctx, root: string) {
  const [row] = await ctx.db.select().from(expertPool).where(eq(expertPool.root, root))
  if (!row) throw new Error(`pool ${root} is gone`)
  return row
}

/** Whether a pool of this root is kept. */
export async function hasPool(ctx: Ctx, root: string): Promise<boolean> {
  const [row] = await ctx.db.select({ id: expertPool.id }).from(expertPool).where(eq(expertPool.root, root))
  return row !== undefined
}

type Spot = { c: string; page: typeof expertPoolPage.$inferSelect; at: number }

/** The page and place of each commitment: one page is read per commitment, whatever the size of the pool. */
async function locate(ctx: Ctx, poolId: string, cs: string[]): Promise<Spot[]> {
  const spots: Spot[] = []
  for (const c of cs) {
    const leaf = Buffer.from(c, 'hex')
    const [page] = await ctx.db
      .select()
      .from(expertPoolPage)
      .where(and(eq(expertPoolPage.poolId, poolId), lte(expertPoolPage.first, leaf)))
      .orderBy(desc(expertPoolPage.first))
      .limit(1)
    const at = page ? leavesOf(page.leaves).findIndex(one => leaf.equals(one)) : -1
    if (!page || at < 0) throw new Error(`commitment ${c} is not of this pool`)
    spots.push({ c, page, at })
  }
  return spots
}

/**
 * Ids of the experts behind some commitments of a kept pool. The database looks into its own pages: seven ids travel, not seven pages, since
 * people wait for this one.
 */
export async function expertsBehind(ctx: Ctx, root: string, cs: string[]): Promise<Map<string, string>> {
  const { rows } = await ctx.db.execute<{ c: string; at: number; member: string }>(sql`
    select encode(x.leaf, 'hex') as c, position(x.leaf in p.leaves) - 1 as at,
           encode(substring(p.members from (position(x.leaf in p.leaves) - 1) / 2 + 1 for 16), 'hex')::uuid::text as member
    from (select decode(hex, 'hex') as leaf from jsonb_array_elements_text(${JSON.stringify(cs)}::jsonb) hex) x
    cross join lateral (
      select page.leaves, page.members
      from expert_pool pool join expert_pool_page page on page.pool_id = pool.id
      where pool.root = ${root} and page.first <= x.leaf
      order by page.first desc limit 1
    ) p`)
  const found = new Map(rows.filter(({ at }) => at >= 0 && at % 32 === 0).map(({ c, member }) => [c, member]))
  if (cs.some(c => !found.has(c))) throw new Error(`a commitment is not of pool ${root}`)
  return found
}

/** Index and inclusion proof (hex, leaf to root) of some commitments of a kept pool, in the order asked for. */
export async function provePlaces(ctx: Ctx, root: string, cs: string[]): Promise<ContactProof[]> {
  const pool = await poolOf(ctx, root)
  const tops = leavesOf(pool.tops)
  const spots = await locate(ctx, pool.id, cs)
  return spots.map(({ c, page, at }) => {
    const index = page.page * pageSize + at
    const proof = proofInPool(page.leaves, at, tops, page.page)
    if (!isMember(Buffer.from(c, 'hex'), index, pool.size, proof, Buffer.from(root, 'hex')))
      throw new Error(`pool ${root} is damaged`)
    return { c, index, proof }
  })
}

// One pool in memory: 32 MB for a million experts, shared by all draws that begin on it.
let cached: { root: string; pages: Uint8Array[] } | null = null
const batch = 128

/** All pages of a kept pool, in order. */
export async function pagesOf(ctx: Ctx, root: string): Promise<Uint8Array[]> {
  if (cached?.root === root) return cached.pages
  const pool = await poolOf(ctx, root)
  const pages: Uint8Array[] = []
  for (let from = 0; pages.length === from; from += batch) {
    const rows = await ctx.db
      .select({ leaves: expertPoolPage.leaves })
      .from(expertPoolPage)
      .where(and(eq(expertPoolPage.poolId, pool.id), gte(expertPoolPage.page, from), lt(expertPoolPage.page, from + batch)))
      .orderBy(asc(expertPoolPage.page))
    pages.push(...rows.map(row => row.leaves))
  }
  cached = { root, pages }
  return pages
}

/** Whether each of these commitments is of the pool; one that is not belongs to a record that changed after the snapshot. */
export async function isAllOf(ctx: Ctx, root: string, cs: string[]): Promise<boolean> {
  const pages = (await pagesOf(ctx, root)).map(page => Buffer.from(page.buffer, page.byteOffset, page.byteLength))
  return cs.every(c => {
    const leaf = Buffer.from(c, 'hex')
    let [low, high] = [0, pages.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (pages[middle]!.compare(leaf, 0, 32, 0, 32) > 0) high = middle - 1
      else low = middle
    }
    return pages.length > 0 && holds(pages[low]!, leaf)
  })
}

function holds(page: Buffer, leaf: Buffer): boolean {
  let [low, high] = [0, page.length / 32 - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const order = page.compare(leaf, 0, 32, middle * 32, middle * 32 + 32)
    if (order === 0) return true
    if (order > 0) high = middle - 1
    else low = middle + 1
  }
  return false
}
