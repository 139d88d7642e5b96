import { inArray } from 'drizzle-orm'
import type { LogTimeline } from '@/crypto/timeline'
import { organisation } from '@/db/schema/platform/identity'
import type { Ctx } from '~/platform/ctx'
import { roleText } from '~/platform/identity/identity.text'
import { type EntryRead, noteOf, proveInclusion, readCosignedBefore } from '~/platform/log/read.server'
import { listAllEntries } from '../archive/lot-log.server'
import { readLot } from '../lot/find-lot.server'
import { lineOf, type TimelineLine } from './timeline'

/** Who sits and how they score is for supervision only until the award: 招标投标法 37, 44. */
const closedToTheDesk = /^(evaluation|expert|invitation|draw)\./

const mayShow = (ctx: Ctx, { action }: EntryRead) =>
  ctx.actor.kind !== 'person' || ctx.actor.role === 'supervisor' || !closedToTheDesk.test(action ?? '')

async function proofOf(ctx: Ctx, idx: number, size: number): Promise<string[] | null> {
  if (idx >= size) return null
  return (await proveInclusion(ctx.platform, idx, size)).map(hash => Buffer.from(hash).toString('hex'))
}

/**
 * The log entries of a lot with salts and inclusion proofs under the newest cosigned checkpoint (tbid/timeline@1); entries it does
 * not cover yet carry no proof. Acts on bids are not among them before opening (crypto.md §10.3). Refuses not-found to anybody but
 * the desk that runs the lot and its supervisors.
 */
export async function readLotTimeline(ctx: Ctx, lotId: string) {
  const found = await readLot(ctx, lotId)
  const { lot, project } = found
  await ctx.platform.sequencer.flush()
  const checkpoint = await readCosignedBefore(ctx, Number.MAX_SAFE_INTEGER)
  const entries: LogTimeline['entries'] = []
  for (const entry of await listAllEntries(ctx, found)) {
    if (!mayShow(ctx, entry)) continue
    const { idx, salt, payload } = entry
    entries.push({ idx, salt, payload, proof: await proofOf(ctx, idx, checkpoint?.size ?? 0) })
  }
  const { platformId } = ctx.platform.config
  const note = checkpoint ? noteOf(checkpoint) : null
  const timeline: LogTimeline = { t: 'tbid/timeline@1', platform: platformId, lot: lot.id, checkpoint: note, entries }
  return { lot, project, timeline }
}

/** Organisation and role of who acted, as the entry itself names them. */
function actorOf({ actor }: EntryRead['payload']): { organisation: string | null; role: string } {
  if (typeof actor !== 'object' || actor === null || Array.isArray(actor)) return { organisation: null, role: '' }
  const role = Object.entries(roleText).find(([known]) => known === actor.role)?.[1] ?? ''
  return { organisation: typeof actor.organisation === 'string' ? actor.organisation : null, role }
}

async function namesOf(ctx: Ctx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const columns = { id: organisation.id, name: organisation.name }
  const rows = await ctx.db.select(columns).from(organisation).where(inArray(organisation.id, ids))
  return new Map(rows.map(row => [row.id, row.name]))
}

/** The same entries in words, for the page. */
export async function readTimelineLines(ctx: Ctx, lotId: string) {
  const { lot, project, timeline } = await readLotTimeline(ctx, lotId)
  const actors = timeline.entries.map(entry => actorOf(entry.payload))
  const names = await namesOf(ctx, [...new Set(actors.flatMap(({ organisation: id }) => (id ? [id] : [])))])
  const lines: TimelineLine[] = timeline.entries.map((entry, i) => {
    const { organisation: id, role } = actors[i]!
    return lineOf(entry, [names.get(id ?? '') ?? '', role].filter(Boolean).join(' '))
  })
  return { lot, project, lines }
}
