import { randomUUID } from 'node:crypto'
import { count, eq } from 'drizzle-orm'
import { storedFile } from '@/db/schema/platform/files'
import { tenderDocument } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { type StoredFile, saveFile } from '~/platform/files/file.server'
import { ownedBy } from '~/platform/identity/authorise.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { findLot, lockOwnLot } from '../lot/find-lot.server'
import { isAnnounced } from '../lot/lot'
import { lotStateText } from '../lot/lot.text'
import type { LotRow } from '../project/project.read.server'
import { documentLimit, documentTypeText, isOfType } from './document'

export type DocumentKind = 'document' | 'clarification'

export type NewDocument = {
  lotId: string
  title: string
  kind: DocumentKind
  name: string
  type: string
  content: Uint8Array | AsyncIterable<Uint8Array>
}

/** The document itself is made before the notice; after it, only clarifications, which the next change notice makes public. */
function checkKind(row: LotRow, kind: DocumentKind): void {
  if (kind === 'document') refuseUnless(!isAnnounced(row.state), 'document-fixed')
  else refuseUnless(row.state === 'bidding', 'wrong-state', { state: lotStateText[row.state], event: '上传澄清文件' })
}

const keepDocument = command('document.publish', async (ctx, { file, ...input }: NewDocument & { file: StoredFile }) => {
  const { lotId, title, kind } = input
  const { lot: row } = await lockOwnLot(ctx, lotId)
  checkKind(row, kind)
  const [{ made } = { made: 0 }] = await ctx.db
    .select({ made: count() })
    .from(tenderDocument)
    .where(eq(tenderDocument.lotId, lotId))
  const document = { id: randomUUID(), lotId, version: made + 1, title, fileId: file.id, kind, createdAt: ctx.now }
  await ctx.db.insert(tenderDocument).values(document)
  const facts = { document: document.id, version: document.version, kind, title, sha256: file.sha256, size: file.size }
  return { result: { id: document.id, version: document.version, fileId: file.id, sha256: file.sha256 }, entry: { lotId, facts } }
})

async function forget(ctx: Ctx, file: StoredFile): Promise<void> {
  await ctx.db.delete(storedFile).where(eq(storedFile.id, file.id))
  await ctx.platform.store.delete(file.id)
}

async function startOf(ctx: Ctx, file: StoredFile): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const part of ctx.platform.store.get(file.id, { start: 0, end: Math.min(file.size, 16) })) parts.push(part)
  return Buffer.concat(parts)
}

/**
 * Takes in a tender document or clarification as it streams. Refuses what is empty, too big, not of the named type, or not wanted
 * in the lot's state; nothing of a refused file is kept.
 */
export async function addDocument(ctx: Ctx, input: NewDocument) {
  const { lot: row, project } = await findLot(ctx, input.lotId)
  ownedBy(ctx, project.agencyId)
  checkKind(row, input.kind)
  const refused = new Refusal('file-type-refused', { file: input.name, allowed: documentTypeText })
  if (!isOfType(input.type, null)) throw refused
  const { name, type, content } = input
  const file = await saveFile(ctx, { name, type, content, audience: 'owner', limit: documentLimit })
  try {
    if (!isOfType(type, await startOf(ctx, file))) throw refused
    return await keepDocument(ctx, { ...input, file })
  } catch (error) {
    await forget(ctx, file)
    throw error
  }
}
