import { asc, eq } from 'drizzle-orm'
import { paper } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { readFileRow, type StoredFile } from '~/platform/files/file.server'
import { Refusal } from '~/shared/refusal'
import { readLot } from '../lot/find-lot.server'

export type PaperRow = typeof paper.$inferSelect

/** Public papers are for everybody; the others for those whose lot it is. */
async function mayRead(ctx: Ctx, row: PaperRow, file: StoredFile): Promise<boolean> {
  if (file.audience === 'public') return true
  if (ctx.actor.kind === 'public') return false
  return readLot(ctx, row.lotId).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal) return false
      throw error
    },
  )
}

/** The papers (文书) of a lot that the actor may read, oldest first. */
export async function listPapers(ctx: Ctx, lotId: string): Promise<PaperRow[]> {
  const rows = await ctx.db.select().from(paper).where(eq(paper.lotId, lotId)).orderBy(asc(paper.createdAt))
  const readable = await Promise.all(rows.map(async row => mayRead(ctx, row, await readFileRow(ctx, row.fileId))))
  return rows.filter((_, i) => readable[i])
}

/** The PDF of a paper; not-found for those who may not read it. */
export async function readPaperFile(ctx: Ctx, id: string): Promise<StoredFile> {
  const [row] = await ctx.db.select().from(paper).where(eq(paper.id, id))
  const file = row ? await readFileRow(ctx, row.fileId) : null
  if (!row || !file || !(await mayRead(ctx, row, file))) throw new Refusal('not-found')
  return file
}
