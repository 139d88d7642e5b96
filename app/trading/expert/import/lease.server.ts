import { and, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import { expertImport } from '@/db/schema/trading/expert-record'
import { command } from '~/platform/audit/command.server'
import type { Platform } from '~/platform/ctx'
import { addSeconds } from '~/shared/time'
import type { Import } from './report.server'

/** A process that says nothing for so long is believed dead, and another goes on. */
export const leaseSeconds = 30

const leases = new WeakMap<Platform, string>()

/** What this process is called by on the lists it works on. */
export function leaseOf(platform: Platform): string {
  const lease = leases.get(platform) ?? crypto.randomUUID()
  leases.set(platform, lease)
  return lease
}

/** Takes a list on, or goes on with it; null where another process has it, or nothing is left to do. */
export const claim = command(
  'expert.manage',
  async (ctx, { id }: { id: string }) => {
    const lease = leaseOf(ctx.platform)
    const free = or(isNull(expertImport.leasedUntil), lt(expertImport.leasedUntil, ctx.now), eq(expertImport.lease, lease))
    const due = and(eq(expertImport.id, id), inArray(expertImport.state, ['checking', 'taking']), free)
    const [row] = await ctx.db
      .update(expertImport)
      .set({ lease, leasedUntil: addSeconds(ctx.now, leaseSeconds) })
      .where(due)
      .returning()
    return { result: (row ?? null) as Import | null, entry: null }
  },
  'expert.import.claim',
)

/** Lets a list go, so that any process may go on with it; after a failure only in some seconds. */
export const letGo = command(
  'expert.manage',
  async (ctx, { id, restSeconds, attempts }: { id: string; restSeconds: number; attempts?: number }) => {
    const mine = and(eq(expertImport.id, id), eq(expertImport.lease, leaseOf(ctx.platform)))
    const change = { lease: null, leasedUntil: restSeconds > 0 ? addSeconds(ctx.now, restSeconds) : null }
    await ctx.db
      .update(expertImport)
      .set({ ...change, ...(attempts === undefined ? {} : { attempts }) })
      .where(mine)
    return { result: null, entry: null }
  },
  'expert.import.let-go',
)

/** Says that this process is still at it, and how many rows it has gone through; false where it no longer has the list. */
export const noteGone = command(
  'expert.manage',
  async (ctx, { id, gone }: { id: string; gone: number }) => {
    const mine = and(eq(expertImport.id, id), eq(expertImport.state, 'taking'), eq(expertImport.lease, leaseOf(ctx.platform)))
    const change = { gone, leasedUntil: addSeconds(ctx.now, leaseSeconds), touchedAt: ctx.now }
    const { rowCount } = await ctx.db.update(expertImport).set(change).where(mine)
    return { result: rowCount === 1, entry: null }
  },
  'expert.import.gone',
)
