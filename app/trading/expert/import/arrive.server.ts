import { createHash } from 'node:crypto'
import { and, asc, count, eq, gt, inArray } from 'drizzle-orm'
import { expertImport, expertImportBatch, expertImportIssue, expertImportPart } from '@/db/schema/trading/expert-record'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { nextNumber } from '~/platform/number/number.server'
import { refuseUnless } from '~/shared/refusal'
import { unfinishedStates } from './import-progress'
import { importLimits } from './limit.server'
import { findSame, type Import, type ImportMode } from './report.server'
import type { Source } from './table.server'

export type NewList = { fileName: string; source: string; mode: ImportMode }

/** The row of a list that begins to arrive. Refuses import-running while as many as the library's rule allows are on their way. */
const openList = command(
  'expert.manage',
  async (ctx, list: NewList) => {
    const { waiting } = await importLimits(ctx)
    const [found] = await ctx.db
      .select({ lists: count() })
      .from(expertImport)
      .where(inArray(expertImport.state, unfinishedStates))
    refuseUnless((found?.lists ?? 0) < waiting, 'import-running', { count: String(waiting) })
    const byPerson = ctx.actor.kind === 'person' ? ctx.actor.personId : null
    const nothing = { fileHash: '', bytes: 0, rows: 0, accepted: 0, rejected: 0, isTaken: false, counts: {} }
    const id = crypto.randomUUID()
    const row = { id, kind: 'experts' as const, ...list, ...nothing, state: 'receiving' as const, byPerson }
    const [made] = await ctx.db
      .insert(expertImport)
      .values({ ...row, number: await nextNumber(ctx, 'expert import'), createdAt: ctx.now, touchedAt: ctx.now })
      .returning()
    return { result: made!, entry: null }
  },
  'expert.import.open',
)

const aboutPart = (id: string, seq: number) => `expert import ${id} ${seq}`

const keepPart = command(
  'expert.manage',
  async (ctx, { id, seq, part }: { id: string; seq: number; part: Uint8Array }) => {
    const box = ctx.platform.vault.close(aboutPart(id, seq), part)
    const still = and(eq(expertImport.id, id), eq(expertImport.state, 'receiving'))
    const { rowCount } = await ctx.db.update(expertImport).set({ touchedAt: ctx.now }).where(still)
    refuseUnless(rowCount === 1, 'changed-meanwhile')
    await ctx.db.insert(expertImportPart).values({ importId: id, seq, box })
    return { result: null, entry: null }
  },
  'expert.import.part',
)

/** The parts of a list as they arrived, one after the other. */
export const partsOf = (ctx: Ctx, id: string): Source =>
  async function* () {
    for (let after = -1; ; after++) {
      const next = and(eq(expertImportPart.importId, id), gt(expertImportPart.seq, after))
      const [row] = await ctx.db.select().from(expertImportPart).where(next).orderBy(asc(expertImportPart.seq)).limit(1)
      if (!row) return
      yield ctx.platform.vault.open(aboutPart(id, row.seq), row.box)
    }
  }

/** The list itself and what was made of it, which is personal data: gone as soon as nothing more is to be done with it. */
export async function dropParts(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.delete(expertImportPart).where(eq(expertImportPart.importId, id))
  await ctx.db.delete(expertImportBatch).where(eq(expertImportBatch.importId, id))
}

async function forget(ctx: Ctx, id: string): Promise<void> {
  await dropParts(ctx, id)
  await ctx.db.delete(expertImportIssue).where(eq(expertImportIssue.importId, id))
  await ctx.db.delete(expertImport).where(eq(expertImport.id, id))
}

/** A list that did not arrive whole never was. */
export const forgetList = command(
  'expert.manage',
  async (ctx, { id }: { id: string }) => {
    const own = and(eq(expertImport.id, id), eq(expertImport.state, 'receiving'))
    const [row] = await ctx.db.select({ id: expertImport.id }).from(expertImport).where(own).for('update')
    if (row) await forget(ctx, id)
    return { result: row !== undefined, entry: null }
  },
  'expert.import.forget',
)

/** The list is here: it waits to be checked. The same list a second time leaves what there is, and brings back its report. */
const closeList = command(
  'expert.manage',
  async (ctx, { id, fileHash, bytes }: { id: string; fileHash: string; bytes: number }) => {
    const own = and(eq(expertImport.id, id), eq(expertImport.state, 'receiving'))
    const [row] = await ctx.db.select().from(expertImport).where(own).for('update')
    refuseUnless(row, 'changed-meanwhile')
    const before = await findSame(ctx, { ...row, fileHash, bytes })
    if (before) await forget(ctx, id)
    if (before) return { result: before, entry: null }
    const change = { fileHash, bytes, state: 'checking' as const, createdAt: ctx.now, touchedAt: ctx.now }
    const [arrived] = await ctx.db.update(expertImport).set(change).where(eq(expertImport.id, id)).returning()
    const { number, source, mode } = row
    return { result: arrived!, entry: { facts: { import: id, number, fileHash, source, mode, bytes } } }
  },
  'expert.import.arrive',
)

const partSize = 1_048_576

/** The bytes of a list in parts of one size, hashed. Refuses file-too-big before more than `most` are kept. */
async function keepParts(ctx: Ctx, { id, fileName }: Import, body: AsyncIterable<unknown>, most: number) {
  const hash = createHash('sha256')
  let [bytes, seq, waiting, size]: [number, number, Buffer[], number] = [0, 0, [], 0]
  const keep = async () => {
    await keepPart(ctx, { id, seq: seq++, part: Buffer.concat(waiting) })
    ;[waiting, size] = [[], 0]
  }
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    const limit = `${Math.round(most / partSize)} MB`
    refuseUnless(bytes <= most, 'file-too-big', { file: fileName, limit, field: 'file' })
    hash.update(chunk)
    for (let at = 0; at < chunk.length; at += partSize) {
      waiting.push(chunk.subarray(at, at + partSize))
      size += waiting.at(-1)!.length
      if (size >= partSize) await keep()
    }
  }
  if (size > 0) await keep()
  return { fileHash: hash.digest('hex'), bytes }
}

/** Takes a list of experts in while it arrives, in boxes in the database, for whichever process will work on it. */
export async function receiveList(ctx: Ctx, body: AsyncIterable<unknown>, list: NewList & { most: number }): Promise<Import> {
  const { most, ...rest } = list
  const row = await openList(ctx, rest)
  try {
    const { bytes: limit } = await importLimits(ctx)
    const kept = await keepParts(ctx, row, body, Math.min(most, limit))
    return await closeList(ctx, { id: row.id, ...kept })
  } catch (error) {
    await forgetList(ctx, { id: row.id })
    throw error
  }
}
