import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { expertImport } from '@/db/schema/trading/expert-record'
import { command } from '~/platform/audit/command.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { Refusal, refuseUnless } from '~/shared/refusal'
import type { RefusalCode, RefusalFacts } from '~/shared/refusal.text'
import { addSeconds } from '~/shared/time'
import { dropParts, forgetList } from './arrive.server'
import { keepBatch, openReading, type Reading, readBatch } from './check-list.server'
import { cancellableStates } from './import-progress'
import { importStateText } from './issue.text'
import { claim, leaseOf, letGo } from './lease.server'
import type { Import } from './report.server'
import { takeList } from './take-list.server'

/** Ends a list that cannot be read, with the reason on record; nothing of it came in. */
const refuseList = command(
  'expert.manage',
  async (ctx, { id, code, facts }: { id: string; code: RefusalCode; facts: RefusalFacts }) => {
    const own = and(eq(expertImport.id, id), eq(expertImport.lease, leaseOf(ctx.platform)))
    const [row] = await ctx.db.select().from(expertImport).where(own).for('update')
    if (row?.state !== 'checking' && row?.state !== 'taking') return { result: null, entry: null }
    await dropParts(ctx, id)
    const end = {
      state: 'refused' as const,
      problem: { code, facts },
      finishedAt: ctx.now,
      staged: 0,
      lease: null,
      leasedUntil: null,
    }
    await ctx.db.update(expertImport).set(end).where(own)
    return { result: null, entry: { facts: { import: id, number: row.number, refused: code } } }
  },
  'expert.import',
)

/** Takes a list back before anything of it came into the library. Refuses not-found, and wrong-state once it is being taken over. */
export const cancelImport = command(
  'expert.manage',
  async (ctx, { id }: { id: string }) => {
    const [row] = await ctx.db.select().from(expertImport).where(eq(expertImport.id, id)).for('update')
    refuseUnless(row, 'not-found')
    const isOpen = cancellableStates.includes(row.state)
    refuseUnless(isOpen, 'wrong-state', { state: importStateText[row.state], event: '取消导入' })
    await dropParts(ctx, id)
    const end = { state: 'cancelled' as const, finishedAt: ctx.now, staged: 0, lease: null, leasedUntil: null }
    await ctx.db.update(expertImport).set(end).where(eq(expertImport.id, id))
    return { result: { id }, entry: { facts: { import: id, number: row.number, rows: row.rows } } }
  },
  'expert.import.cancel',
)

const readings = new WeakMap<Platform, Map<string, Reading>>()

/** The list as this process last read it, or read anew up to where it stands. */
async function readingOf(ctx: Ctx, list: Import): Promise<Reading> {
  const own = readings.get(ctx.platform) ?? new Map<string, Reading>()
  readings.set(ctx.platform, own)
  const kept = own.get(list.id)
  if (kept?.rows === list.rows && kept.heading) return kept
  const reading = await openReading(ctx, list)
  own.set(list.id, reading)
  return reading
}

function drop(platform: Platform, id: string): void {
  void readings.get(platform)?.get(id)?.lines.return(undefined)
  readings.get(platform)?.delete(id)
}

/** Batch after batch until the list is judged or the time is over: the next is read and sealed while the database keeps the last. */
async function check(ctx: Ctx, list: Import, until: number): Promise<Import | null> {
  const [id, lease] = [list.id, leaseOf(ctx.platform)]
  const reading = await readingOf(ctx, list)
  let isClean = list.rejected === 0
  let pending: Promise<Import | null> = Promise.resolve(list)
  try {
    for (let isEnd = false; !isEnd; ) {
      const batch = await readBatch(ctx, reading, list.mode !== 'all' || isClean)
      const now = await pending
      if (now?.state !== 'checking') return now
      isClean &&= batch.rejected === 0
      isEnd = batch.isEnd
      pending = keepBatch(ctx, { id, lease, batch })
      // It is awaited after the next batch is read: failing before that is no failure nobody hears of.
      pending.catch(() => null)
      if (performance.now() >= until) break
    }
    return await pending
  } catch (error) {
    await pending.catch(() => null)
    throw error
  }
}

const attemptsMost = 5
const restSeconds = 10

/** What could not be read is refused; whatever else went wrong is tried again some seconds later, and given up after some times. */
async function fail(ctx: Ctx, list: Import, error: unknown): Promise<void> {
  drop(ctx.platform, list.id)
  if (error instanceof Refusal) return void (await refuseList(ctx, { id: list.id, code: error.code, facts: error.facts }))
  ctx.platform.logger.error({ err: error, import: list.id }, 'list of experts')
  const attempts = list.attempts + 1
  if (attempts < attemptsMost) return void (await letGo(ctx, { id: list.id, restSeconds, attempts }))
  await refuseList(ctx, { id: list.id, code: 'import-unreadable', facts: { reason: '处理多次中断，已停止' } })
}

const busy = new Set<string>()

/**
 * Works on one list for about so long: checked in batches, then taken over at once. Any process may do so, one at a time; killed at any line, what
 * was kept stays kept, and the next goes on from there.
 */
export async function advanceList(ctx: Ctx, id: string, forMs: number): Promise<void> {
  const lease = `${leaseOf(ctx.platform)} ${id}`
  if (busy.has(lease)) return
  busy.add(lease)
  const until = performance.now() + forMs
  try {
    const list = await claim(ctx, { id })
    if (!list) return
    try {
      const now = list.state === 'checking' ? await check(ctx, list, until) : list
      if (now?.state !== 'checking') drop(ctx.platform, id)
      if (now?.state === 'taking') await takeList(ctx, { id, outside: ctx })
    } catch (error) {
      await fail(ctx, list, error)
    }
  } finally {
    busy.delete(lease)
  }
}

/** This process goes on with a list no longer: another may at once. */
export async function leaveList(ctx: Ctx, id: string): Promise<void> {
  drop(ctx.platform, id)
  await letGo(ctx, { id, restSeconds: 0 })
}

/** An upload that nothing was heard of for so long has ended. */
const uploadRestSeconds = 3_600

/** Lists to be worked on, the oldest first, then uploads that broke off. */
async function listWaiting(ctx: Ctx) {
  const lease = leaseOf(ctx.platform)
  const free = or(isNull(expertImport.leasedUntil), lt(expertImport.leasedUntil, ctx.now), eq(expertImport.lease, lease))
  const due = and(inArray(expertImport.state, ['checking', 'taking']), free)
  const broken = and(eq(expertImport.state, 'receiving'), lt(expertImport.touchedAt, addSeconds(ctx.now, -uploadRestSeconds)))
  return ctx.db
    .select({ id: expertImport.id, state: expertImport.state })
    .from(expertImport)
    .where(or(due, broken))
    .orderBy(sql`${expertImport.state} = 'receiving'`, asc(expertImport.createdAt))
    .limit(100)
}

/** Now, while a list waits to be worked on; null otherwise. */
export const nextImportStep = async (ctx: Ctx): Promise<Date | null> => ((await listWaiting(ctx)).length > 0 ? ctx.now : null)

/** A sweep ends soon, for a process that shall stop waits for it. */
const sweepMs = 2_000

/** Works on the oldest list for a while, and forgets uploads that broke off. */
export async function stepImports(ctx: Ctx): Promise<void> {
  const waiting = await listWaiting(ctx)
  const oldest = waiting.find(one => one.state !== 'receiving')
  if (oldest) await advanceList(ctx, oldest.id, sweepMs)
  for (const { id, state } of waiting) if (state === 'receiving') await forgetList(ctx, { id })
}
