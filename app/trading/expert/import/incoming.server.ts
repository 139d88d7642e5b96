import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'

/** Largest list through a page's form, which is read whole. What the library's rules allow is in `limit.server.ts`. */
export const formMost = 20 * 1_048_576

export type Kept = { path: string; fileHash: string; bytes: number }

function measured(most: number, name: string) {
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > most)
        return done(new Refusal('file-too-big', { file: name, limit: `${Math.round(most / 1_048_576)} MB`, field: 'file' }))
      hash.update(chunk)
      done(null, chunk)
    },
  })
  return { meter, done: () => ({ fileHash: hash.digest('hex'), bytes }) }
}

/**
 * Lays a list down on this machine while it arrives, measured and hashed, does something with it, and removes it whatever happens: it holds
 * personal data. Refuses file-too-big before more than `most` bytes are written.
 */
export async function withIncoming<R>(
  ctx: Ctx,
  source: NodeJS.ReadableStream,
  { name, most }: { name: string; most: number },
  run: (kept: Kept) => Promise<R>,
): Promise<R> {
  const folder = join(ctx.platform.config.dataDir, 'incoming')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, crypto.randomUUID())
  const { meter, done } = measured(most, name)
  try {
    await pipeline(source, meter, createWriteStream(path, { mode: 0o600 }))
    return await run({ path, ...done() })
  } finally {
    await rm(path, { force: true })
  }
}
