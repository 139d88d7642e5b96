import { fromUtf8, unhex } from '@/crypto/bytes'
import { parseCanonicalText } from '@/crypto/jcs'
import { openSmall } from '@/crypto/open'
import { nodeSuites } from '@/crypto/suite-node'
import type { Ctx } from '~/platform/ctx'
import type { KeptFile, KeptStage } from '../bid/kept-stage.server'
import { readSealedSync, sealedRootHolds } from '../bid/upload.server'
import type { LotRow } from '../project/project.read.server'
import { priceFormOf, type ReadPrice, readPrice } from './price-form'
import type { Failure } from './settle'

const parse = (content: Uint8Array): unknown => {
  try {
    return parseCanonicalText(fromUtf8(content))
  } catch {
    return null
  }
}

const isGone = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** 64 KiB, read at once. Null when it is gone. */
function readWhole(ctx: Ctx, { uploadId, size }: KeptFile): Uint8Array | null {
  try {
    const bytes = readSealedSync(ctx, uploadId)
    return bytes.length === size ? bytes : null
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

async function contentOf(ctx: Ctx, { suite }: KeptStage, file: KeptFile, key: Uint8Array): Promise<Uint8Array | null> {
  const sealed = readWhole(ctx, file)
  if (!sealed) return null
  const { fileId, role, bodyHead, context, bodyAt } = file
  const facts = { suite: nodeSuites[suite], fileId, role, bodyHead: unhex(bodyHead), context: unhex(context) }
  const opened = await openSmall(facts, key, sealed.subarray(bodyAt)).catch(() => null)
  return opened?.content ?? null
}

/**
 * Decrypts a bid's price file and reads the form in it. What the cryptography refuses is the bidder's doing while the stored
 * bytes still have the root that the bidder signed, and the platform's otherwise; a fault of the machine is thrown.
 */
export async function readPriceFile(
  ctx: Ctx,
  lot: Pick<LotRow, 'id' | 'ceilingFen'>,
  stage: KeptStage,
  file: KeptFile,
  key: Uint8Array,
): Promise<ReadPrice | Failure> {
  const content = await contentOf(ctx, stage, file, key)
  if (!content) {
    const isIntact = await sealedRootHolds(ctx, file.uploadId, file.root).catch((error: unknown) => {
      if (isGone(error)) return false
      throw error
    })
    return isIntact ? 'file-corrupt' : 'storage-damaged'
  }
  return readPriceContent(lot, content)
}

/** The form in a price file's content. */
export function readPriceContent(lot: Pick<LotRow, 'id' | 'ceilingFen'>, content: Uint8Array): ReadPrice | Failure {
  const form = priceFormOf(parse(content), lot.id)
  return form ? readPrice(form, lot.ceilingFen) : 'price-unreadable'
}
