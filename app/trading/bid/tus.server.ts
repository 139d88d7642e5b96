import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { eq } from 'drizzle-orm'
import type { Express, NextFunction, Request, Response } from 'express'
import { upload } from '@/db/schema/trading/bid'
import type { Ctx, Platform } from '~/platform/ctx'
import { authorise, personOf } from '~/platform/identity/authorise.server'
import { countAttempt } from '~/platform/identity/rate.server'
import { systemCtx } from '~/platform/start.server'
import { Refusal } from '~/shared/refusal'
import { sealedLimit } from './bid'
import { maskFrom } from './sealed-mask.server'
import { completeUpload, ownUpload, uploadFolder, uploadTag } from './upload.server'
import { refuseWithoutSpace, spaceProblem } from './upload-space.server'

export const uploadPath = '/api/v1/uploads'

/** Uploads an organisation may start in an hour: enough for many bids, too few to fill a disk unnoticed. */
const startsPerHour = 400

/** Resumable uploads (tus 1.0) of sealed files. `ctxOf` says who is asking; `answer` sends a refusal. */
export interface UploadFace {
  ctxOf(request: Request): Promise<Ctx>
  answer(error: unknown, request: Request, response: Response): void
}

/** Mounts creation, continuation and state of uploads. Before anything that reads bodies. */
export function mountUploads(app: Express, platform: Platform, { ctxOf, answer }: UploadFace): void {
  mkdirSync(uploadFolder(platform), { recursive: true, mode: 0o700 })
  const server = tusServer(platform)
  /** The id of the upload at hand: a new one for a start. */
  const admit = async (request: Request): Promise<string> => {
    const ctx = await ctxOf(request)
    authorise(ctx.actor, 'bid.submit')
    if (request.method === 'POST') return admitStart(ctx, request)
    return (await ownUpload(ctx, request.params.uploadId ?? '')).id
  }
  const serve = (request: Request, response: Response, next: NextFunction) => {
    admit(request)
      .then(uploadId => atHand.run({ uploadId, isFull: false }, () => server.handle(request, response)))
      .catch(error => (response.headersSent ? next(error) : answer(error, request, response)))
  }
  app.post(uploadPath, serve)
  app.patch(`${uploadPath}/:uploadId`, serve)
  app.head(`${uploadPath}/:uploadId`, serve)
}

/** What a start says, looked at before a byte is taken: its length, whether there is room, how many its organisation began. */
async function admitStart(ctx: Ctx, request: Request): Promise<string> {
  const size = Number(request.get('upload-length') ?? Number.NaN)
  if (!Number.isSafeInteger(size)) throw new Refusal('bad-input', { reason: '请求头 Upload-Length 应为字节数' })
  if (size === 0) throw new Refusal('file-empty', { file: '' })
  if (size > sealedLimit) throw new Refusal('file-too-big', { file: '', limit: `${Math.floor(sealedLimit / 1_048_576)} MiB` })
  await refuseWithoutSpace(ctx.platform, size)
  const { organisationId } = personOf(ctx)
  await countAttempt(
    ctx,
    `upload ${Buffer.from(ctx.platform.vault.tag('upload rate', organisationId)).toString('hex')}`,
    startsPerHour,
    3600,
  )
  const uploadId = randomUUID()
  const ownerTag = uploadTag(ctx.platform, uploadId, organisationId)
  await ctx.db.insert(upload).values({ id: uploadId, ownerTag, size, createdAt: ctx.now })
  return uploadId
}

/** How the id chosen above reaches the upload server (no header of the client's can name a file), and how a full disk comes back. */
const atHand = new AsyncLocalStorage<{ uploadId: string; isFull: boolean }>()

function nameOfStart(): string {
  const one = atHand.getStore()
  if (!one) throw new Error('an upload without a name')
  return one.uploadId
}

/**
 * A write that failed for want of room says so (RFC 4918 §11.5); everything else is answered as it is. The upload server itself takes
 * the end of what it was reading, which the failed write brings about, for a sender that went away.
 */
async function answerOf(platform: Platform, error: unknown) {
  const status = typeof error === 'object' && error !== null && 'status_code' in error ? error.status_code : 500
  const isFull = atHand.getStore()?.isFull ?? false
  const refusal = isFull ? new Refusal('storage-full') : status === 500 ? await spaceProblem(platform) : null
  if (!refusal) return undefined
  const body = {
    type: `/problems/${refusal.code}`,
    title: 'refused',
    status: refusal.status,
    code: refusal.code,
    detail: refusal.text,
  }
  return { status_code: refusal.status, body: JSON.stringify(body) }
}

const isNoRoom = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

/** The file store, with the start of every file masked on its way to the disk, and a full disk or quota told from other failures. */
function maskedStore(platform: Platform): FileStore {
  const store = new FileStore({ directory: uploadFolder(platform) })
  store.write = async (readable, id, offset) => {
    const file = createWriteStream(join(uploadFolder(platform), id), { flags: 'r+', start: offset })
    try {
      await pipeline(maskFrom(platform, id, offset, readable), file)
    } catch (error) {
      const one = atHand.getStore()
      if (one) one.isFull = isNoRoom(error)
      throw error
    }
    return offset + file.bytesWritten
  }
  return store
}

function tusServer(platform: Platform): Server {
  return new Server({
    path: uploadPath,
    datastore: maskedStore(platform),
    maxSize: sealedLimit,
    relativeLocation: true,
    respectForwardedHeaders: false,
    disableTerminationForFinishedUploads: true,
    namingFunction: nameOfStart,
    // Stock clients send a file's name by habit; kept beside an upload it would link it to a lot (crypto.md §10.2), so it is dropped.
    onUploadCreate: async () => ({ metadata: {} }),
    onResponseError: (_request, error) => answerOf(platform, error),
    onUploadFinish: async (_request, { id }) => {
      const ctx = await systemCtx(platform, 'upload')
      const [row] = await ctx.db.select().from(upload).where(eq(upload.id, id))
      if (row) await completeUpload(ctx, row)
      return {}
    },
  })
}
