import { readMessage } from '@/crypto/messages'
import type { Ctx } from '~/platform/ctx'
import { type EntryRead, listLotEntries, readEntryAt } from '~/platform/log/read.server'
import type { FoundLot } from '../lot/find-lot.server'
import { findOpening } from '../opening/event.server'

const pageOfEntries = 500

async function lotEntries(ctx: Ctx, lotId: string): Promise<EntryRead[]> {
  const entries: EntryRead[] = []
  for (let from = 0; ; ) {
    const page = await listLotEntries(ctx, lotId, from, pageOfEntries)
    entries.push(...page)
    if (page.length < pageOfEntries) return entries
    from = page.at(-1)!.idx + 1
  }
}

/** Acts on bids are in no timeline (crypto.md §10.3); the close lists their leaves. */
async function bidEntries(ctx: Ctx, { lot }: FoundLot): Promise<EntryRead[]> {
  const opening = await findOpening(ctx, lot.id)
  if (!opening?.closePayload) return []
  const { leaves } = readMessage('tbid/lot.close@1', opening.closePayload)
  const entries = []
  for (const leaf of leaves) entries.push(await readEntryAt(ctx, leaf.idx))
  return entries.filter(entry => entry !== null)
}

/** Everything the log holds about a lot, in log order; acts on bids only once the lot has closed. */
export async function listAllEntries(ctx: Ctx, found: FoundLot): Promise<EntryRead[]> {
  const all = [...(await lotEntries(ctx, found.lot.id)), ...(await bidEntries(ctx, found))]
  return all.sort((a, b) => a.idx - b.idx)
}
