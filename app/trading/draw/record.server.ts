import { and, asc, eq } from 'drizzle-orm'
import type { DrawRecord } from '@/crypto/draw-record'
import { drawContact } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { noteLooks } from '../expert/look.server'
import { findLot } from '../lot/find-lot.server'
import { readTranscript } from './draw.read.server'
import { type Barred, readLists } from './draw-lists.server'
import { readDrawRow } from './draw-store.server'
import { openRecord } from './record-box.server'

/** States of a lot after which the records may be opened: the result is known. */
export const resultStates = ['awarded', 'archived']

/**
 * Records and salts of a draw (crypto.md §10.12): to the supervisor after the result, all who were contacted and the reason against each who
 * was barred; to an expert the own record, or the reason against the own. Each look is an entry of the log. Refuses records-closed.
 */
export const readRecords = command(
  'draw.records',
  async (ctx, { id }: { id: string }) => {
    const row = await readDrawRow(ctx, id)
    const { lot, project } = await findLot(ctx, row.lotId)
    const { role, personId } = personOf(ctx)
    const isSupervisor = role === 'supervisor'
    if (isSupervisor) inScope(ctx, project)
    refuseUnless(!isSupervisor || resultStates.includes(lot.state), 'records-closed')
    const records = await openRecords(ctx, row.id, isSupervisor ? null : personId)
    if (isSupervisor) await noteLooks(ctx, await listContacted(ctx, row.id), '定标后查看抽取记录')
    const barred = resultStates.includes(lot.state) ? await readBarred(ctx, row.id, isSupervisor ? null : personId) : []
    refuseUnless(isSupervisor || records.length + barred.length > 0, 'records-closed')
    const result = { t: 'tbid/draw.records@1' as const, transcript: await readTranscript(ctx, row.id), records, barred }
    return { result, entry: { lotId: row.lotId, facts: { draw: row.drawId, records: records.length } } }
  },
  'draw.read-records',
)

/** Who fitted a seat and was barred, with the reason: to the supervisor all, to an expert the own row alone, while the record is what it was. */
async function readBarred(ctx: Ctx, drawId: string, personId: string | null): Promise<Barred[]> {
  const barred = (await readLists(ctx, drawId))?.barred ?? []
  if (personId === null) return barred
  const own = await ctx.db.select({ leaf: expert.leaf }).from(expert).where(eq(expert.personId, personId))
  return barred.filter(([c]) => own.some(({ leaf }) => leaf === c))
}

/** A draw for the archive: the transcript and what stood behind it, by whoever was contacted (crypto.md §10.12). */
export const readArchived = async (ctx: Ctx, id: string) => ({
  t: 'tbid/draw.records@1' as const,
  transcript: await readTranscript(ctx, id),
  records: await openRecords(ctx, id, null),
})

async function listContacted(ctx: Ctx, drawId: string): Promise<string[]> {
  const rows = await ctx.db.select({ id: drawContact.expertId }).from(drawContact).where(eq(drawContact.drawId, drawId))
  return rows.map(row => row.id)
}

async function openRecords(ctx: Ctx, drawId: string, personId: string | null): Promise<DrawRecord[]> {
  const own = personId === null ? undefined : eq(expert.personId, personId)
  const rows = await ctx.db
    .select({ c: drawContact.c, box: drawContact.recordBox })
    .from(drawContact)
    .innerJoin(expert, eq(expert.id, drawContact.expertId))
    .where(and(eq(drawContact.drawId, drawId), own))
    .orderBy(asc(drawContact.c))
  return rows.flatMap(({ c, box }) => (box ? [openRecord(ctx.platform, c, box)] : []))
}
