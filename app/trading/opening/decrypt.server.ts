import { openFile } from '@/crypto/open'
import { nodeSuites } from '@/crypto/suite-node'
import { storedFile } from '@/db/schema/platform/files'
import type { Ctx } from '~/platform/ctx'
import { readSealed, sealedRootHolds } from '../bid/upload.server'
import type { Failure } from './settle'
import type { BidFileRow } from './stage.server'

/** What a sealed file turned out to hold, or why it could not be opened. */
export type Decrypted<T> = { ok: true; value: T } | { ok: false; failure: Extract<Failure, 'file-corrupt' | 'storage-damaged'> }

export type Plain = { name: string; type: string; size: number }

/** Content of a sealed file as a stream; what the cryptography refuses is kept in `damage`, apart from faults of disk or memory. */
function openSealed(ctx: Ctx, file: BidFileRow, stageKey: Uint8Array) {
  const state: { damage: boolean; meta: Plain | null } = { damage: false, meta: null }
  const opener = openFile(nodeSuites, stageKey)
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      state.damage = true
      throw error
    })
  async function* content() {
    for await (const piece of readSealed(ctx, file.uploadId)) yield* await guarded(opener.push(piece))
    const { rest, opened } = await guarded(opener.finish())
    yield* rest
    const { name, type, size } = opened.meta
    state.meta = { name, type, size }
  }
  return { content: content(), state }
}

/**
 * Runs `use` over the content. What fails in the cryptography is the bidder's doing while the stored bytes still have the root
 * that the bidder signed, and the platform's otherwise; a fault of the machine is thrown, to be tried again.
 */
async function opened<T>(
  ctx: Ctx,
  file: BidFileRow,
  stageKey: Uint8Array,
  use: (content: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Decrypted<{ meta: Plain; used: T }>> {
  const { content, state } = openSealed(ctx, file, stageKey)
  try {
    const used = await use(content)
    return { ok: true, value: { meta: state.meta!, used } }
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!state.damage && !isGone) throw error
    const isIntact = !isGone && (await sealedRootHolds(ctx, file.uploadId, file.root))
    return { ok: false, failure: isIntact ? 'file-corrupt' : 'storage-damaged' }
  }
}

/** Keeps opened content and gives its file's id. Only the evaluation committee may read it (《招标投标法实施条例》48). */
async function keepPlain(
  ctx: Ctx,
  { id, size, sha256 }: { id: string; size: number; sha256: string },
  meta: Plain,
): Promise<string> {
  const row = {
    id,
    size,
    sha256,
    name: meta.name,
    type: meta.type,
    audience: 'committee' as const,
    isErased: false,
    createdAt: ctx.now,
  }
  await ctx.db.insert(storedFile).values(row).onConflictDoNothing()
  return id
}

/** Keeps a file of an admitted twin (补录) for the committee like a decrypted one. */
export async function copyTwin(ctx: Ctx, { uploadId, name, type, size }: Plain & { uploadId: string }): Promise<string> {
  return keepPlain(ctx, await ctx.platform.store.put(readSealed(ctx, uploadId)), { name, type, size })
}

/** Decrypts a file of any size straight into the store: memory stays flat. */
export async function decryptToStore(ctx: Ctx, file: BidFileRow, stageKey: Uint8Array): Promise<Decrypted<string>> {
  const result = await opened(ctx, file, stageKey, content => ctx.platform.store.put(content))
  if (!result.ok) return result
  return { ok: true, value: await keepPlain(ctx, result.value.used, result.value.meta) }
}
