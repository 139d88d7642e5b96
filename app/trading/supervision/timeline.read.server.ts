import { inArray } from 'drizzle-orm'
import type { LogTimeline } from '@/crypto/timeline'
import { organisation } from '@/db/schema/platform/identity'
import type { LotState } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { type EntryRead, noteOf, proveInclusion, readCosignedBefore } from '~/platform/log/read.server'
import { listAllEntries } from '../archive/lot-log.server'
import { readReport } from '../evaluation/evaluation.read.server'
import { readLot } from '../lot/find-lot.server'
import type { LotRow } from '../project/project.read.server'
import { actorOf } from './timeline'

/** Who sits and how they score is for supervision only until the award (招标投标法 37, 44). */
const closedToTheDesk = /^(evaluation|expert|invitation|draw)\./
/** A member's points and findings are nobody's business before the report (财政部令第87号 62). */
const closedToAll = /^evaluation\.(score|compliance)$/
const decided: LotState[] = ['awarded', 'archived', 'failed', 'terminated']

/** What this actor may read of the log now: the rest stands in the log all the same. */
async function filterOf(ctx: Ctx, lot: LotRow): Promise<(entry: EntryRead) => boolean> {
  const hasReport = (await readReport(ctx, lot)) !== null
  const isDesk = ctx.actor.kind === 'person' && ctx.actor.role !== 'supervisor' && !decided.includes(lot.state)
  return ({ action }) => !(!hasReport && closedToAll.test(action ?? '')) && !(isDesk && closedToTheDesk.test(action ?? ''))
}

async function proofOf(ctx: Ctx, idx: number, size: number): Promise<string[] | null> {
  if (idx >= size) return null
  return (await proveInclusion(ctx.platform, idx, size)).map(hash => Buffer.from(hash).toString('hex'))
}

/**
 * The log entries of a lot with salts and inclusion proofs under the newest cosigned checkpoint (tbid/timeline@1); entries it does
 * not cover yet carry no proof. Acts on bids are not among them before opening (crypto.md §10.3), points of members not before the report.
 * Refuses not-found to anybody but the desk that runs the lot and its supervisors.
 */
export async function readLotTimeline(ctx: Ctx, lotId: string) {
  const found = await readLot(ctx, lotId)
  const { lot, project } = found
  await ctx.platform.sequencer.flush()
  const checkpoint = await readCosignedBefore(ctx, Number.MAX_SAFE_INTEGER)
  const entries: LogTimeline['entries'] = []
  const mayShow = await filterOf(ctx, lot)
  for (const entry of (await listAllEntries(ctx, found)).filter(mayShow)) {
    const { idx, salt, payload } = entry
    entries.push({ idx, salt, payload, proof: await proofOf(ctx, idx, checkpoint?.size ?? 0) })
  }
  const { platformId } = ctx.platform.config
  const note = checkpoint ? noteOf(checkpoint) : null
  const timeline: LogTimeline = { t: 'tbid/timeline@1', platform: platformId, lot: lot.id, checkpoint: note, entries }
  return { lot, project, timeline }
}

async function namesOf(ctx: Ctx, ids: string[]): Promise<Record<string, string>> {
  if (ids.length === 0) return {}
  const columns = { id: organisation.id, name: organisation.name }
  const rows = await ctx.db.select(columns).from(organisation).where(inArray(organisation.id, ids))
  return Object.fromEntries(rows.map(row => [row.id, row.name]))
}

/** The same for the page: the entries as they are checked, and the names of the organisations they speak of. */
export async function readTimelinePage(ctx: Ctx, lotId: string) {
  const { lot, project, timeline } = await readLotTimeline(ctx, lotId)
  const ids = timeline.entries.map(entry => actorOf(entry.payload).organisation)
  const names = await namesOf(ctx, [...new Set(ids)].filter(Boolean))
  const { id, name, code, state } = lot
  return { lot: { id, name, code, state }, projectName: project.name, timeline, names }
}
