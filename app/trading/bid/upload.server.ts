import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { hex } from '@/crypto/bytes'
import { type Head, headLength, parseHead } from '@/crypto/header'
import { sliceTree } from '@/crypto/merkle'
import type { SuiteId } from '@/crypto/suite'
import { nodeSuites } from '@/crypto/suite-node'
import { upload } from '@/db/schema/trading/bid'
import type { Ctx, Platform } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { Refusal } from '~/shared/refusal'
import { maskAt, maskedBytes, maskFrom, maskInPlace } from './sealed-mask.server'

export type UploadRow = typeof upload.$inferSelect

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Where sealed files lie while they come in and ever after: random names, nothing else. */
export const uploadFolder = (platform: Platform): string => join(platform.config.dataDir, 'uploads')

/** Where a sealed file lies. */
export function sealedPath(ctx: Pick<Ctx, 'platform'>, uploadId: string): string {
  if (!uuid.test(uploadId)) throw new Error('not an upload id')
  return join(uploadFolder(ctx.platform), uploadId)
}

/** Whose upload it is, for the owner alone to recognise. */
export const uploadTag = (platform: Platform, uploadId: string, organisationId: string): Uint8Array =>
  platform.vault.tag('upload', uploadId, organisationId)

/** Bytes received so far; 0 where nothing has come. */
async function receivedOf(ctx: Ctx, uploadId: string): Promise<number> {
  return stat(sealedPath(ctx, uploadId)).then(
    file => file.size,
    () => 0,
  )
}

/** The row of an upload of the actor's own organisation; refuses not-found to everybody else. */
export async function ownUpload(ctx: Ctx, uploadId: string): Promise<UploadRow> {
  const row = ownRowOrNull(ctx, (await readUploads(ctx, [uploadId])).get(uploadId))
  if (!row) throw new Refusal('not-found')
  return row
}

/** The rows of these uploads, whosesoever; ids that name none, or one that was given up, are missing. */
export async function readUploads(ctx: Ctx, uploadIds: string[]): Promise<Map<string, UploadRow>> {
  const ids = uploadIds.filter(id => uuid.test(id))
  const rows =
    ids.length > 0
      ? await ctx.db
          .select()
          .from(upload)
          .where(and(inArray(upload.id, ids), isNull(upload.discardedAt)))
      : []
  return new Map(rows.map(row => [row.id, row]))
}

/** The row if it is of the actor's own organisation. */
export function ownRowOrNull(ctx: Ctx, row: UploadRow | undefined): UploadRow | null {
  const tag = row && uploadTag(ctx.platform, row.id, personOf(ctx).organisationId)
  return row && tag && Buffer.from(row.ownerTag).equals(Buffer.from(tag)) ? row : null
}

/** How far an own upload has come, and its root once it is whole. */
export async function readUpload(ctx: Ctx, uploadId: string) {
  const row = await ownUpload(ctx, uploadId)
  const whole = await completeUpload(ctx, row)
  const root = whole.completedAt ? { sha256: whole.rootSha256, sm3: whole.rootSm3 } : null
  return { id: row.id, size: row.size, offset: await receivedOf(ctx, uploadId), root }
}

/** The sealed file, from its first byte on. */
export const readSealed = (ctx: Ctx, uploadId: string): AsyncIterable<Uint8Array> =>
  maskFrom(ctx.platform, uploadId, 0, createReadStream(sealedPath(ctx, uploadId), { highWaterMark: 1_048_576 }))

/** A small sealed file whole, read at once: handing so little to another thread costs four times what reading it does. */
export function readSealedSync(ctx: Pick<Ctx, 'platform'>, uploadId: string): Uint8Array {
  const bytes = readFileSync(sealedPath(ctx, uploadId))
  maskInPlace(ctx.platform, uploadId, bytes)
  return bytes
}

/** Whether a sealed file is still there. */
export const isStored = (ctx: Ctx, uploadId: string): Promise<boolean> =>
  stat(sealedPath(ctx, uploadId)).then(
    () => true,
    () => false,
  )

/** Removes a sealed file for good, and what the upload server keeps beside it; removing it twice is removing it once. */
export async function removeSealed(ctx: Ctx, uploadId: string): Promise<void> {
  for (const end of ['', '.json']) await rm(`${sealedPath(ctx, uploadId)}${end}`, { force: true })
}

/** Read at once, for the same reason as `readSealedSync`. */
function startOf(ctx: Ctx, uploadId: string, length: number): Uint8Array {
  const file = openSync(sealedPath(ctx, uploadId), 'r')
  try {
    const start = new Uint8Array(length)
    return maskAt(ctx.platform, uploadId, 0, start.subarray(0, readSync(file, start, 0, length, 0)))
  } finally {
    closeSync(file)
  }
}

/** The first 12 + L + 56 bytes of a sealed file. Throws when it is none. */
export async function readHead(ctx: Ctx, uploadId: string): Promise<Uint8Array> {
  const start = startOf(ctx, uploadId, maskedBytes)
  const length = headLength(start)
  // Copied: heads are kept, what follows them is not.
  return length <= maskedBytes ? start.slice(0, length) : startOf(ctx, uploadId, length)
}

/** Heads never change once they have come; those of uploads just finished are asked for by their commits. */
const heads = new Map<string, Head>()
const mostHeads = 4_000

/** The head of a sealed file, read. Throws when it is none. */
export async function parsedHead(ctx: Ctx, uploadId: string): Promise<Head> {
  const known = heads.get(uploadId)
  if (known) return known
  const head = parseHead(nodeSuites, await readHead(ctx, uploadId))
  if (heads.size >= mostHeads) heads.delete(heads.keys().next().value!)
  heads.set(uploadId, head)
  return head
}

/** The suite a file says it was sealed with, or null when it is no sealed file. */
async function suiteOf(ctx: Ctx, uploadId: string): Promise<SuiteId | null> {
  try {
    return (await parsedHead(ctx, uploadId)).header.suite
  } catch {
    return null
  }
}

async function rootOf(ctx: Ctx, uploadId: string, suite: SuiteId): Promise<string> {
  const { hash, digest } = nodeSuites[suite]
  const tree = sliceTree(hash, digest)
  for await (const piece of readSealed(ctx, uploadId)) await tree.push(piece)
  return hex(await tree.root())
}

/** Whether the stored bytes still have the root that the bidder signed: tells the bidder's damage from the platform's. */
export async function sealedRootHolds(ctx: Ctx, uploadId: string, root: string): Promise<boolean> {
  const suite = await suiteOf(ctx, uploadId)
  if (suite) return (await rootOf(ctx, uploadId, suite)) === root
  // Even the header is damaged: either suite's root would clear the platform.
  return (await rootOf(ctx, uploadId, 'intl')) === root || (await rootOf(ctx, uploadId, 'gm')) === root
}

async function sync(ctx: Ctx, uploadId: string): Promise<void> {
  const file = await open(sealedPath(ctx, uploadId), 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Hashes an upload that has all its bytes and remembers its root; what is incomplete or already done comes back as it is.
 * Called when the last byte comes in, and again by whoever needs the root, should the process have died in between.
 */
export async function completeUpload(ctx: Ctx, row: UploadRow): Promise<UploadRow> {
  if (row.completedAt || (await receivedOf(ctx, row.id)) !== row.size) return row
  await sync(ctx, row.id)
  const suite = (await suiteOf(ctx, row.id)) ?? 'intl'
  const root = await rootOf(ctx, row.id, suite)
  const done = { completedAt: ctx.now, ...(suite === 'gm' ? { rootSm3: root } : { rootSha256: root }) }
  await ctx.db.update(upload).set(done).where(eq(upload.id, row.id))
  return { ...row, ...done }
}
