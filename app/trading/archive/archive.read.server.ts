import { and, eq } from 'drizzle-orm'
import { archive } from '@/db/schema/trading/archive'
import type { Ctx } from '~/platform/ctx'
import { readFileRow, type StoredFile } from '~/platform/files/file.server'
import { refuseUnless } from '~/shared/refusal'
import { readLot } from '../lot/find-lot.server'

export type ArchiveRow = typeof archive.$inferSelect

/** A lot the actor may read, with its archive as far as it has come: null before it was asked for. Refuses not-found to anybody else. */
export async function readArchive(ctx: Ctx, lotId: string) {
  const found = await readLot(ctx, lotId)
  const [row] = await ctx.db
    .select()
    .from(archive)
    .where(and(eq(archive.lotId, lotId), eq(archive.round, found.lot.round)))
  const size = row?.fileId ? (await readFileRow(ctx, row.fileId)).size : null
  return { ...found, archive: row ?? null, size }
}

/** The ZIP of a lot's archive. Refuses archive-not-ready until it is packed. */
export async function readArchiveFile(ctx: Ctx, lotId: string): Promise<StoredFile> {
  const { archive: row } = await readArchive(ctx, lotId)
  refuseUnless(row?.fileId, 'archive-not-ready')
  return readFileRow(ctx, row.fileId)
}
