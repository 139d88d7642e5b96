import { and, eq, isNotNull } from 'drizzle-orm'
import { storedFile } from '@/db/schema/platform/files'
import { documentRelease, tenderDocument } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { readFileRow, type StoredFile } from '~/platform/files/file.server'
import { refuseUnless } from '~/shared/refusal'
import { readLot } from '../lot/find-lot.server'

const columns = {
  id: tenderDocument.id,
  version: tenderDocument.version,
  title: tenderDocument.title,
  kind: tenderDocument.kind,
  noticeId: documentRelease.noticeId,
  createdAt: tenderDocument.createdAt,
  fileId: storedFile.id,
  name: storedFile.name,
  size: storedFile.size,
  sha256: storedFile.sha256,
}

const documents = (ctx: Ctx) =>
  ctx.db
    .select(columns)
    .from(tenderDocument)
    .innerJoin(storedFile, eq(storedFile.id, tenderDocument.fileId))
    .leftJoin(documentRelease, eq(documentRelease.documentId, tenderDocument.id))

/** Every document of a lot, for those who run or supervise it. */
export async function listDocuments(ctx: Ctx, lotId: string) {
  await readLot(ctx, lotId)
  return documents(ctx).where(eq(tenderDocument.lotId, lotId)).orderBy(tenderDocument.version)
}

/** The documents that a notice has made public. */
export async function listPublicDocuments(ctx: Ctx, lotId: string) {
  const released = and(eq(tenderDocument.lotId, lotId), isNotNull(documentRelease.noticeId))
  return documents(ctx).where(released).orderBy(tenderDocument.version)
}

export type DocumentLine = Awaited<ReturnType<typeof listPublicDocuments>>[number]

/** A public file, whoever asks; a tender document not yet public only for those who run the lot. Refuses not-found otherwise. */
export async function readFileFor(ctx: Ctx, fileId: string): Promise<StoredFile> {
  const file = await readFileRow(ctx, fileId)
  if (file.audience === 'public') return file
  const [document] = await ctx.db
    .select({ lotId: tenderDocument.lotId })
    .from(tenderDocument)
    .where(eq(tenderDocument.fileId, fileId))
  refuseUnless(document && ctx.actor.kind !== 'public', 'not-found')
  await readLot(ctx, document.lotId)
  return file
}
