import { createHash } from 'node:crypto'
import { canonical, type Json } from '@/crypto/jcs'
import { messageHash } from '@/crypto/messages'
import { formatTlogProof } from '@/crypto/tlog'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { Ctx } from '~/platform/ctx'
import { noteOf, proveInclusion, readCheckpointCovering, readEntryById } from '~/platform/log/read.server'
import { findLot } from '../lot/find-lot.server'
import type { ActBox } from './sealed-act.server'

/** What a bidder gets for a commit (递交回执): anybody who trusts the anchors can check it without us. */
export interface Receipt {
  t: 'tbid/receipt@1'
  platform: string
  lot: string
  lotCode: string
  lotName: string
  kind: 'submit' | 'confirm'
  /** SHA-256 of the statement. */
  statement: string
  /** When the database's clock saw the commit. */
  at: string
  /** The log entry itself, its salt (hex) and its proof (c2sp.org/tlog-proof@v1, with the checkpoint). */
  payload: Record<string, Json>
  salt: string
  index: number
  proof: string
  /** RFC 3161 token over the checkpoint note, base64; null until the time-stamping authority has answered. */
  tsa: string | null
  /** SHA-256 of the canonical anchors.json. */
  anchors: string
}

/** SHA-256 of the platform's anchors as receipts and papers name them. */
export async function anchorsHash(ctx: Ctx): Promise<string> {
  return createHash('sha256')
    .update(canonical(await readAnchors(ctx)))
    .digest('hex')
}

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
    anchors: await anchorsHash(ctx),
  }
}
