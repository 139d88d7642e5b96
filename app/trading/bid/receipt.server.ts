import { anchorsHash } from '@/crypto/anchors'
import { messageHash } from '@/crypto/messages'
import type { Receipt } from '@/crypto/receipt'
import { formatTlogProof } from '@/crypto/tlog'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { Ctx } from '~/platform/ctx'
import { noteOf, proveInclusion, readCheckpointCovering, readEntryById } from '~/platform/log/read.server'
import { findLot } from '../lot/find-lot.server'
import type { ActBox } from './sealed-act.server'

/** The receipt of a kept act. The log must have been flushed since. */
export async function receiptOf(ctx: Ctx, act: ActBox): Promise<Receipt> {
  if (act.kind === 'refused') throw new Error('a refused act has no receipt')
  const entry = await readEntryById(ctx, act.entryId)
  const checkpoint = entry && (await readCheckpointCovering(ctx, entry.idx))
  if (!entry || !checkpoint) throw new Error('the entry has no place in the log yet')
  const { lot } = await findLot(ctx, act.lotId)
  const proof = await proveInclusion(ctx.platform, entry.idx, checkpoint.size)
  return {
    t: 'tbid/receipt@1',
    platform: ctx.platform.config.platformId,
    lot: act.lotId,
    lotCode: lot.code,
    lotName: lot.name,
    kind: act.kind,
    statement: messageHash(act.statement),
    at: act.at,
    payload: entry.payload,
    salt: entry.salt,
    index: entry.idx,
    proof: formatTlogProof({ index: entry.idx, proof, checkpoint: noteOf(checkpoint) }),
    tsa: checkpoint.tsaToken ? Buffer.from(checkpoint.tsaToken).toString('base64') : null,
    anchors: anchorsHash(await readAnchors(ctx)),
  }
}
