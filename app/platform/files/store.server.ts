import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Stored {
  id: string
  size: number
  sha256: string
}

/** Files under random names; what they are stands in the table. Filesystem now, S3 later. */
export interface Store {
  /** Writes a stream to the end, to disk, then gives it its name: a half-written file is never seen. `limit` in bytes. */
  put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: { id?: string; limit?: number }): Promise<Stored>
  /** The file as a stream, or a part of it (`start` inclusive, `end` exclusive). */
  get(id: string, range?: { start: number; end: number }): Readable
  read(id: string): Promise<Uint8Array>
  size(id: string): Promise<number>
  delete(id: string): Promise<void>
  path(id: string): string
}

/** Thrown when more than `limit` bytes arrive. */
export class TooLarge extends Error {
  override name = 'TooLarge'
}

const pathOf = (folder: string, id: string) => {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error('not a file id')
  return join(folder, id.slice(0, 2), id.slice(2))
}

/** Opens the store in `folder`. */
export function openStore(folder: string): Store {
  const get: Store['get'] = (id, range) =>
    createReadStream(pathOf(folder, id), range ? { start: range.start, end: Math.max(range.start, range.end - 1) } : {})
  return {
    put: (content, options = {}) => put(folder, content, options),
    get,
    read: async id => new Uint8Array(Buffer.concat(await get(id).toArray())),
    size: async id => (await stat(pathOf(folder, id))).size,
    delete: id => rm(pathOf(folder, id), { force: true }),
    path: id => pathOf(folder, id),
  }
}

async function put(
  folder: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: { id?: string; limit?: number },
): Promise<Stored> {
  const id = options.id ?? randomUUID()
  const path = pathOf(folder, id)
  const temporary = `${path}.${randomUUID()}.part`
  await mkdir(dirname(path), { recursive: true })
  const meter = measure(options.limit ?? Number.POSITIVE_INFINITY)
  try {
    await pipeline(
      Readable.from(content instanceof Uint8Array ? [content] : content),
      meter.stream,
      createWriteStream(temporary, { flush: true }),
    )
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return { id, ...meter.result() }
}

function measure(limit: number) {
  const digest = createHash('sha256')
  let size = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      digest.update(chunk)
      if (size > limit) done(new TooLarge(`more than ${limit} bytes`))
      else done(null, chunk)
    },
  })
  return { stream, result: () => ({ size, sha256: digest.digest('hex') }) }
}

/** A rename is durable only once its folder is on disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
