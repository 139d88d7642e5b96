import { inArray } from 'drizzle-orm'
import { anchorsHash } from '@/crypto/anchors'
import { withTimeStamp } from '@/crypto/cms'
import { messageHash } from '@/crypto/messages'
import type { Receipt } from '@/crypto/receipt'
import { formatTlogProof } from '@/crypto/tlog'
import { lot } from '@/db/schema/trading/project'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { Ctx } from '~/platform/ctx'
import { noteOf, proveInclusions, readCheckpointsCovering, readEntriesById } from '~/platform/log/read.server'
import { readActTokens } from './act-stamp.server'
import type { ActBox } from './sealed-act.server'

/** With `id` where it was read, not just made: only then it may have a time-stamp. */
type Kept = Extract<ActBox, { kind: 'submit' | 'confirm' }> & { id?: string }

const keptOf = (act: ActBox & { id?: string }): Kept => {
  if (act.kind === 'refused' || act.kind === 'begun') throw new Error('only what was delivered has a receipt')
  return act
}

async function lotsOf(ctx: Ctx, acts: Kept[]): Promise<Map<string, { code: string; name: string }>> {
  const ids = [...new Set(acts.map(act => act.lotId))]
  const rows = await ctx.db.select({ id: lot.id, code: lot.code, name: lot.name }).from(lot).where(inArray(lot.id, ids))
  return new Map(rows.map(row => [row.id, row]))
}

/** Where each act stands in the log, under which checkpoint, and the proof. */
async function placesOf(ctx: Ctx, acts: Kept[]) {
  const entries = await readEntriesById(
    ctx,
    acts.map(act => act.entryId),
  )
  const idxs = [...entries.values()].map(entry => entry.idx)
  const checkpoints = await readCheckpointsCovering(ctx, idxs)
  const proofs = await proveInclusions(
    ctx.platform,
    idxs.flatMap(idx => (checkpoints.has(idx) ? [{ idx, size: checkpoints.get(idx)!.size }] : [])),
  )
  return (act: Kept) => {
    const entry = entries.get(act.entryId)
    const checkpoint = entry && checkpoints.get(entry.idx)
    if (!entry || !checkpoint) throw new Error('the entry has no place in the log yet')
    return { entry, checkpoint, proof: proofs.get(entry.idx)! }
  }
}

/** The statement's CMS with its time-stamp, in base64; null until there is one, and for an act that has only just been kept. */
function cadesOf(act: Kept, tokens: Map<string, Uint8Array>): string | null {
  const token = act.id && tokens.get(act.id)
  return token ? Buffer.from(withTimeStamp(Buffer.from(act.cms, 'base64'), token)).toString('base64') : null
}

/** The receipts of kept acts, in their order. The log must have been flushed since. */
export async function receiptsOf(ctx: Ctx, some: (ActBox & { id?: string })[]): Promise<Receipt[]> {
  const acts = some.map(keptOf)
  const tokens = await readActTokens(
    ctx,
    acts.flatMap(act => act.id ?? []),
  )
  const [lots, placeOf, anchors] = [await lotsOf(ctx, acts), await placesOf(ctx, acts), anchorsHash(await readAnchors(ctx))]
  return acts.map(act => {
    const { entry, checkpoint, proof } = placeOf(act)
    const { code, name } = lots.get(act.lotId)!
    return {
      t: 'tbid/receipt@1',
      platform: ctx.platform.config.platformId,
      lot: act.lotId,
      lotCode: code,
      lotName: name,
      kind: act.kind,
      statement: messageHash(act.statement),
      at: act.at,
      payload: entry.payload,
      salt: entry.salt,
      index: entry.idx,
      proof: formatTlogProof({ index: entry.idx, proof, checkpoint: noteOf(checkpoint) }),
      cades: cadesOf(act, tokens),
      tsa: checkpoint.tsaToken ? Buffer.from(checkpoint.tsaToken).toString('base64') : null,
      anchors,
    }
  })
}

/** The receipt of one kept act. */
export async function receiptOf(ctx: Ctx, act: ActBox & { id?: string }): Promise<Receipt> {
  const [receipt] = await receiptsOf(ctx, [act])
  return receipt!
}
