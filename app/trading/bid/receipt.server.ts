import { hash } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import { anchorsHash } from '@/crypto/anchors'
import { withTimeStamp } from '@/crypto/cms'
import type { Receipt } from '@/crypto/receipt'
import { formatTlogProof } from '@/crypto/tlog'
import { lot } from '@/db/schema/trading/project'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { Ctx } from '~/platform/ctx'
import type { PayloadBox } from '~/platform/log/append.server'
import { noteOf, proveInclusions, readEntriesById, readPlaces } from '~/platform/log/read.server'
import { readActTokens } from './act-stamp.server'
import type { ActBox } from './sealed-act.server'

/** With `id` where it was read, not just made: only then it may have a time-stamp. */
type Kept = Extract<ActBox, { kind: 'submit' | 'confirm' }> & { id?: string }

const keptOf = (act: ActBox & { id?: string }): Kept => {
  if (act.kind === 'refused' || act.kind === 'begun') throw new Error('only what was delivered has a receipt')
  return act
}

/** What the caller need not have read again: entries it has just written, by id, and its lots. */
export interface KnownFacts {
  entries: Map<string, PayloadBox>
  lots: Map<string, LotNames>
}

export interface LotNames {
  code: string
  name: string
}

const nothingKnown: KnownFacts = { entries: new Map(), lots: new Map() }

async function lotsOf(ctx: Ctx, acts: Kept[], known: Map<string, LotNames>): Promise<Map<string, LotNames>> {
  const ids = [...new Set(acts.map(act => act.lotId))].filter(id => !known.has(id))
  if (ids.length === 0) return known
  const rows = await ctx.db.select({ id: lot.id, code: lot.code, name: lot.name }).from(lot).where(inArray(lot.id, ids))
  return new Map([...known, ...rows.map(row => [row.id, row] as const)])
}

async function entriesOf(ctx: Ctx, acts: Kept[], known: Map<string, PayloadBox>): Promise<Map<string, PayloadBox>> {
  const ids = acts.map(act => act.entryId).filter(id => !known.has(id))
  return ids.length > 0 ? new Map([...known, ...(await readEntriesById(ctx, ids))]) : known
}

/** Where each act stands in the log, under which checkpoint, and the proof. */
async function placesOf(ctx: Ctx, acts: Kept[]) {
  const places = await readPlaces(
    ctx,
    acts.map(act => act.entryId),
  )
  const wanted = [...places.values()].map(({ idx, checkpoint }) => ({ idx, size: checkpoint.size }))
  const proofs = await proveInclusions(ctx.platform, wanted)
  return (act: Kept) => {
    const place = places.get(act.entryId)
    if (!place) throw new Error('the entry has no place in the log yet')
    return { ...place, proof: proofs.get(place.idx)! }
  }
}

/** The statement's CMS with its time-stamp, in base64; null until there is one, and for an act that has only just been kept. */
function cadesOf(act: Kept, tokens: Map<string, Uint8Array>): string | null {
  const token = act.id && tokens.get(act.id)
  return token ? Buffer.from(withTimeStamp(Buffer.from(act.cms, 'base64'), token)).toString('base64') : null
}

/** The receipts of kept acts, in their order. The log must have been flushed since. */
export async function receiptsOf(ctx: Ctx, some: (ActBox & { id?: string })[], known = nothingKnown): Promise<Receipt[]> {
  const acts = some.map(keptOf)
  const [tokens, lots, entries, placeOf, anchors] = await Promise.all([
    readActTokens(
      ctx,
      acts.flatMap(act => act.id ?? []),
    ),
    lotsOf(ctx, acts, known.lots),
    entriesOf(ctx, acts, known.entries),
    placesOf(ctx, acts),
    readAnchors(ctx),
  ])
  const { platformId: platform } = ctx.platform.config
  const anchored = anchorsHash(anchors)
  return acts.map(act => {
    const [{ payload, salt }, { idx, checkpoint, proof }] = [entries.get(act.entryId)!, placeOf(act)]
    const { code, name } = lots.get(act.lotId)!
    const tsa = checkpoint.tsaToken && Buffer.from(checkpoint.tsaToken).toString('base64')
    return {
      t: 'tbid/receipt@1',
      platform,
      ...{ lot: act.lotId, lotCode: code, lotName: name },
      kind: act.kind,
      statement: hash('sha256', act.statement),
      at: act.at,
      ...{ payload, salt, index: idx },
      proof: formatTlogProof({ index: idx, proof, checkpoint: noteOf(checkpoint) }),
      cades: cadesOf(act, tokens),
      tsa,
      anchors: anchored,
    }
  })
}

/** The receipt of one kept act. */
export async function receiptOf(ctx: Ctx, act: ActBox & { id?: string }): Promise<Receipt> {
  const [receipt] = await receiptsOf(ctx, [act])
  return receipt!
}
