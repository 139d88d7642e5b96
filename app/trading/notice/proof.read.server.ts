import { eq } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import { notice } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { noteOf, proveInclusion, readEntryById, readPublicCheckpoint } from '~/platform/log/read.server'
import { refuseUnless } from '~/shared/refusal'

/** Proof that a notice stands in the public log as it was published. */
export type NoticeProof = {
  t: 'tbid/inclusion@1'
  payload: Record<string, Json>
  salt: string
  idx: number
  proof: string[]
  checkpoint: string
}

/**
 * The log entry of a notice with its inclusion proof (RFC 9162) in the newest public checkpoint.
 * Refuses not-found until a checkpoint covers it, at most a minute after publication.
 */
export async function readNoticeProof(ctx: Ctx, id: string): Promise<NoticeProof> {
  const [row] = await ctx.db.select({ entryId: notice.entryId }).from(notice).where(eq(notice.id, id))
  const entry = row ? await readEntryById(ctx, row.entryId) : null
  const checkpoint = await readPublicCheckpoint(ctx)
  refuseUnless(entry && checkpoint && entry.idx < checkpoint.size, 'not-found')
  const hashes = await proveInclusion(ctx.platform, entry.idx, checkpoint.size)
  return {
    t: 'tbid/inclusion@1',
    payload: entry.payload,
    salt: entry.salt,
    idx: entry.idx,
    proof: hashes.map(h => Buffer.from(h).toString('hex')),
    checkpoint: noteOf(checkpoint),
  }
}
