import type { Ctx } from '~/platform/ctx'
import { postpone } from './event.server'

/** Lots of one transaction: enough that a statement costs nothing a lot, few enough that none waits long for the others. */
const lotsAtOnce = 50
/** Transactions at once: while the database writes one, the next is made ready. */
const batchesAtOnce = 3

async function runBatch(ctx: Ctx, lotIds: string[], run: (lotIds: string[]) => Promise<unknown>): Promise<void> {
  try {
    await run(lotIds)
  } catch (error) {
    if (lotIds.length === 1) return postpone(ctx, lotIds[0]!, error)
    // One of them is broken or held: each by itself, so that it delays nobody but itself.
    for (const lotId of lotIds) await runBatch(ctx, [lotId], run)
  }
}

/**
 * Runs a step over many lots, some fifty in one transaction. A batch that fails is done again lot by
 * lot; a lot that fails by itself is reported and tried again later.
 */
export async function inBatches(ctx: Ctx, lotIds: string[], run: (lotIds: string[]) => Promise<unknown>): Promise<void> {
  const sorted = [...lotIds].sort()
  const batches: string[][] = []
  for (let at = 0; at < sorted.length; at += lotsAtOnce) batches.push(sorted.slice(at, at + lotsAtOnce))
  // Several workers begin in different places, and each leaves what another is at.
  batches.push(...batches.splice(0, Math.floor(Math.random() * batches.length)))
  const next = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await runBatch(ctx, batch, run)
  }
  await Promise.all(Array.from({ length: Math.min(batchesAtOnce, batches.length) }, next))
}
