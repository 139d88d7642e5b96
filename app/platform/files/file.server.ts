import { eq } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { storedFile } from '@/db/schema/platform/files'
import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'

export type StoredFile = typeof storedFile.$inferSelect
type Audience = StoredFile['audience']

export interface NewFile {
  name: string
  type: string
  audience: Audience
  content: Uint8Array | AsyncIterable<Uint8Array>
  /** Bytes; more refuses file-too-big. */
  limit?: number
}

/** Keeps a file and its row. The bytes reach the disk first, so a row never names a missing file. */
export async function saveFile(ctx: Ctx, file: NewFile): Promise<StoredFile> {
  const stored = await ctx.platform.store.put(file.content, { limit: file.limit }).catch((error: Error) => {
    if (error.name !== 'TooLarge') throw error
    throw new Refusal('file-too-big', { file: file.name, limit: `${Math.floor((file.limit ?? 0) / 1_048_576)} MiB` })
  })
  if (stored.size === 0) throw new Refusal('file-empty', { file: file.name })
  const row = {
    ...stored,
    name: file.name.slice(0, 255),
    type: file.type,
    audience: file.audience,
    isErased: false,
    createdAt: ctx.now,
  }
  await ctx.db.insert(storedFile).values(row)
  return row
}

/** The row of a file, or refuses not-found. Whether the reader may see it is the caller's question. */
export async function readFileRow(ctx: Ctx, id: string): Promise<StoredFile> {
  const [row] = await ctx.db.select().from(storedFile).where(eq(storedFile.id, id))
  if (!row || row.isErased) throw new Refusal('not-found')
  return row
}

/** Sends a stored file with its Chinese name, type, length, and byte ranges (RFC 9110 §14). */
export function sendFile(ctx: Ctx, row: StoredFile, disposition: 'inline' | 'attachment' = 'attachment') {
  return {
    raw: (request: Request, response: Response) => {
      response.set({
        'content-type': row.type,
        'content-disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(row.name)}`,
        'accept-ranges': 'bytes',
        etag: `"${row.sha256}"`,
        'x-content-type-options': 'nosniff',
      })
      const range = request.range(row.size)
      const part = Array.isArray(range) && range.length === 1 ? range[0]! : null
      if (part) response.status(206).set('content-range', `bytes ${part.start}-${part.end}/${row.size}`)
      response.set('content-length', String(part ? part.end - part.start + 1 : row.size))
      const stream = ctx.platform.store.get(row.id, part ? { start: part.start, end: part.end + 1 } : undefined)
      stream.on('error', () => response.destroy())
      stream.pipe(response)
    },
  }
}
