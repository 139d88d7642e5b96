import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { signDetached } from '@/crypto/cms'
import { logPayload } from '@/db/schema/platform/log'
import { archive } from '@/db/schema/trading/archive'
import { paper } from '@/db/schema/trading/opening'
import { notice } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { saveFile } from '~/platform/files/file.server'
import { platformSigner } from '~/platform/identity/platform-key.server'
import { append } from '~/platform/log/append.server'
import { type Checkpoint, readCosignedCovering, readPublicCheckpoint } from '~/platform/log/read.server'
import { timestamp } from '~/platform/log/timestamp.server'
import { type FoundLot, findLot, lockOwnLot, moveLot } from '../lot/find-lot.server'
import { signedKinds } from '../notice/insert-notice.server'
import { packBag } from './bag.server'
import { archiveMembers } from './collect.server'

/**
 * Closes the file of a lot that was awarded, failed or terminated: nothing is added to it afterwards, and its archive is packed as
 * soon as the witness has cosigned the log up to here (《电子招标投标办法》第五十六条: 归档). Refuses wrong-state before that.
 */
export const requestArchive = command(
  'archive.write',
  async (ctx, { lotId }: { lotId: string }) => {
    const { lot } = await lockOwnLot(ctx, lotId)
    await moveLot(ctx, lot, 'archive')
    const { entryId } = await append(ctx, 'archive.request', { lotId, facts: { round: lot.round, was: lot.state } })
    await ctx.db.insert(archive).values({ lotId, round: lot.round, entryId, requestedAt: ctx.now })
    return { result: { lotId, requestedAt: ctx.now }, entry: null }
  },
  'archive.request',
)

interface Due {
  row: typeof archive.$inferSelect
  checkpoint: Checkpoint
}

/** Notices whose signed PDF is still being made by its job: the archive waits for them. */
async function isMissingPapers(ctx: Ctx, lotId: string): Promise<boolean> {
  const made = sql`notice.paper_file_id is not null or exists (select 1 from ${paper} p where p.lot_id = notice.lot_id
    and p.kind = 'notice-' || notice.kind and p.version = notice.version)`
  const missing = await ctx.db
    .select({ id: notice.id })
    .from(notice)
    .where(and(eq(notice.lotId, lotId), inArray(notice.kind, signedKinds), sql`not (${made})`))
  return missing.length > 0
}

/** The highest index among the request's entry and those of the lot's papers; null while one of them has none. */
async function lastIndex(ctx: Ctx, row: Due['row']): Promise<number | null> {
  const papers = await ctx.db.select({ entryId: paper.entryId }).from(paper).where(eq(paper.lotId, row.lotId))
  const wanted = [row.entryId, ...papers.map(({ entryId }) => entryId)]
  const found = await ctx.db.select({ idx: logPayload.idx }).from(logPayload).where(inArray(logPayload.entryId, wanted))
  return found.length === wanted.length ? Math.max(...found.map(({ idx }) => idx)) : null
}

/** Archives that were asked for, whose papers are all made, and all of whose entries a cosigned checkpoint covers. */
export async function listDueArchives(ctx: Ctx): Promise<Due[]> {
  const due: Due[] = []
  for (const row of await ctx.db.select().from(archive).where(isNull(archive.fileId))) {
    if (await isMissingPapers(ctx, row.lotId)) continue
    const last = await lastIndex(ctx, row)
    const checkpoint = last === null ? null : await readCosignedCovering(ctx, last)
    if (checkpoint) due.push({ row, checkpoint })
  }
  return due
}

/** Whether an archive waits for an entry that no public checkpoint covers yet: then one is due now, not at the next minute. */
export async function needsCheckpoint(ctx: Ctx): Promise<boolean> {
  const last = await readPublicCheckpoint(ctx)
  for (const row of await ctx.db.select().from(archive).where(isNull(archive.fileId))) {
    const index = (await isMissingPapers(ctx, row.lotId)) ? null : await lastIndex(ctx, row)
    if (index !== null && index >= (last?.size ?? 0)) return true
  }
  return false
}

const noteSealed = command(
  'archive.read',
  async (ctx, { lotId, round, fileId, sha256 }: { lotId: string; round: number; fileId: string; sha256: string }) => {
    const waiting = and(eq(archive.lotId, lotId), eq(archive.round, round), isNull(archive.fileId))
    const kept = await ctx.db.update(archive).set({ fileId, sha256, sealedAt: ctx.now }).where(waiting).returning()
    // Somebody else packed it meanwhile: theirs counts.
    if (kept.length === 0) return { result: false, entry: null }
    return { result: true, entry: { lotId, facts: { round, sha256 } } }
  },
  'archive.seal',
)

const bagInfo = ({ lot, project }: FoundLot): [string, string][] => [
  ['Source-Organization', project.tendererName],
  ['External-Identifier', lot.code],
  ['External-Description', `${project.name} ${lot.name}`],
  ['BagIt-Profile-Identifier', 'tbid/archive@1'],
]

async function pack(ctx: Ctx, { row, checkpoint }: Due): Promise<void> {
  const { platform } = ctx
  const found = await findLot(ctx, row.lotId)
  const signer = await platformSigner(platform, 'seal')
  const content = packBag({
    folder: found.lot.code,
    madeAt: ctx.now,
    info: bagInfo(found),
    payload: archiveMembers(ctx, found, checkpoint),
    seal: async signed => ({ cms: await signDetached(signed, signer), token: await timestamp(platform, signed) }),
  })
  const file = await saveFile(ctx, {
    name: `归档包-${found.lot.code}.zip`,
    type: 'application/zip',
    audience: 'sealed',
    content,
  })
  await noteSealed(ctx, { lotId: row.lotId, round: row.round, fileId: file.id, sha256: file.sha256 })
}

/** Packs every archive that is due; one that fails does not stop the others and is tried again at the next sweep. */
export async function packArchives(ctx: Ctx): Promise<void> {
  if (await needsCheckpoint(ctx)) await ctx.platform.sequencer.publish()
  for (const due of await listDueArchives(ctx)) {
    await pack(ctx, due).catch((error: unknown) => ctx.platform.logger.error({ err: error, lotId: due.row.lotId }, 'archive'))
  }
}
