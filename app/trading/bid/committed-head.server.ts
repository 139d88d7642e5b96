import { hex } from '@/crypto/bytes'
import { parseHead } from '@/crypto/header'
import { nodeSuites } from '@/crypto/suite-node'
import type { Ctx } from '~/platform/ctx'
import type { KeptFile } from './kept-stage.server'
import { readHead } from './upload.server'

/** Not a fault of the disk: the file is not there, or what is there is no sealed file. */
const isLost = (error: unknown) => !(error instanceof Error && 'code' in error) || error.code === 'ENOENT'

/**
 * The head of a stored file while it is still the one that was committed; null where the platform has lost or changed it.
 * A fault of the disk is thrown, to be tried again.
 */
export async function committedHead(
  ctx: Ctx,
  { uploadId, context, bodyHead }: Pick<KeptFile, 'uploadId' | 'context' | 'bodyHead'>,
): Promise<Uint8Array | null> {
  const bytes = await readHead(ctx, uploadId).catch((error: unknown) => {
    if (isLost(error)) return null
    throw error
  })
  if (!bytes) return null
  try {
    const head = parseHead(nodeSuites, bytes)
    return hex(head.context) === context && hex(head.bodyHead) === bodyHead ? bytes : null
  } catch {
    return null
  }
}
