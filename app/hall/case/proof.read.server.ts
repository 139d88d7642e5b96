import { and, eq } from 'drizzle-orm'
import { hallStep } from '@/db/schema/hall/case'
import type { Ctx } from '~/platform/ctx'
import { noteOf, proveInclusion, readCheckpointCovering, readEntryById } from '~/platform/log/read.server'
import { Refusal } from '~/shared/refusal'
import { readCase } from './case.read.server'

/**
 * What proves a step of a case to an outsider: the log entry (salt and payload), its index, the inclusion proof, and the signed
 * checkpoint it leads to (RFC 9162 §2.1.3). Refuses not-found to strangers, and while the log has not reached it (a second or so).
 */
export async function proveStep(ctx: Ctx, caseId: string, stepId: string) {
  await readCase(ctx, caseId)
  const [step] = await ctx.db
    .select({ entryId: hallStep.entryId })
    .from(hallStep)
    .where(and(eq(hallStep.caseId, caseId), eq(hallStep.id, stepId)))
  if (!step) throw new Refusal('not-found')
  await ctx.platform.sequencer.flush()
  const entry = await readEntryById(ctx, step.entryId)
  if (!entry) throw new Refusal('not-found')
  const checkpoint = await readCheckpointCovering(ctx, entry.idx)
  if (!checkpoint) throw new Refusal('not-found')
  const proof = await proveInclusion(ctx.platform, entry.idx, checkpoint.size)
  return {
    t: 'tbid/inclusion@1' as const,
    payload: entry.payload,
    salt: entry.salt,
    idx: entry.idx,
    proof: proof.map(hash => Buffer.from(hash).toString('hex')),
    checkpoint: noteOf(checkpoint),
  }
}
