import { asc, getTableColumns, inArray, sql } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import { opening } from '@/db/schema/trading/opening'
import { lot, project } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import type { FoundLot } from '../lot/find-lot.server'
import { ruleEdition } from '../rules/editions'
import type { OpeningRow, Saying } from './event.server'
import { dueAt, type OpeningEvent, openingFlow } from './opening'
import { openingEventText, openingPhaseText } from './opening.text'

/** A lot and its opening, both locked. */
export type Hall = { found: FoundLot; row: OpeningRow }

const { closePayload: _close, recordPayload: _record, firstRecordPayload: _first, ...columns } = getTableColumns(opening)
const unread = { closePayload: null, recordPayload: null, firstRecordPayload: null }

/** The latest openings of these lots in the order of the lots, without the long texts that no step of many reads. */
function selectOpenings(ctx: Ctx, lotIds: string[]) {
  const ofLots = sql`${opening.lotId} = any(${sql.param(lotIds)}::uuid[])`
  return ctx.db.select(columns).from(opening).where(ofLots).orderBy(asc(opening.lotId), asc(opening.round))
}

const byLot = (rows: Omit<OpeningRow, keyof typeof unread>[]): Map<string, OpeningRow> =>
  new Map(rows.map(row => [row.lotId, { ...row, ...unread }]))

/** The latest opening of each of these lots, not locked. */
export const latestOpenings = async (ctx: Ctx, lotIds: string[]): Promise<Map<string, OpeningRow>> =>
  byLot(await selectOpenings(ctx, lotIds))

/** Locks the openings of these lots, in the order of the lots, until the transaction ends. */
export const lockOpenings = async (ctx: Ctx, lotIds: string[]): Promise<Map<string, OpeningRow>> =>
  byLot(await selectOpenings(ctx, lotIds).for('update'))

/**
 * As `lockHall`, for many lots: lots first, then openings, each in the order of the lots' ids. Left out are lots without an
 * opening, and those that somebody holds: they must not keep the others waiting, and the next sweep finds them again.
 */
export async function lockHalls(ctx: Ctx, lotIds: string[]): Promise<Map<string, Hall>> {
  if (lotIds.length === 0) return new Map()
  const wanted = ctx.db.select().from(lot).where(inArray(lot.id, lotIds)).orderBy(asc(lot.id))
  const lots = await wanted.for('update', { skipLocked: true })
  if (lots.length === 0) return new Map()
  const openings = await lockOpenings(
    ctx,
    lots.map(row => row.id),
  )
  const projectIds = [...new Set(lots.map(row => row.projectId))]
  const projects = await ctx.db.select().from(project).where(inArray(project.id, projectIds))
  const owners = new Map(projects.map(row => [row.id, row]))
  const halls = lots.flatMap((row): [string, Hall][] => {
    const [owner, own] = [owners.get(row.projectId)!, openings.get(row.id)]
    return own ? [[row.id, { found: { lot: row, project: owner, edition: ruleEdition(owner.edition) }, row: own }]] : []
  })
  return new Map(halls)
}

/** Columns that a step may set, besides the phase and what follows from it. */
export type Changes = Partial<
  Pick<
    OpeningRow,
    | 'closePayload'
    | 'closeEntryId'
    | 'counted'
    | 'releaseOpenedAt'
    | 'releaseBasis'
    | 'releaseEndsAt'
    | 'recordPayload'
    | 'recordHash'
    | 'objectionEndsAt'
    | 'releaseCount'
  >
>

/** One opening's part of a step that many take together: its events in order, what changes with them, and what is said. */
export type Move = { row: OpeningRow; events?: OpeningEvent[]; changes?: Changes; says?: Saying[]; lookAgainAt?: Date | null }

function phaseAfter({ row, events = [] }: Move): OpeningRow['phase'] {
  return events.reduce((phase, event) => {
    const to = openingFlow[phase][event]
    if (!to) throw new Refusal('wrong-state', { state: openingPhaseText[phase], event: openingEventText[event] })
    return to
  }, row.phase)
}

const earlier = (a: Date | null, b: Date | null | undefined) => (a && b ? (a < b ? a : b) : (a ?? b ?? null))

function changed(ctx: Ctx, move: Move): OpeningRow {
  const { row, changes, says = [] } = move
  const after = { ...row, ...changes, phase: phaseAfter(move), eventSeq: row.eventSeq + says.length }
  return { ...after, nextCheckAt: earlier(dueAt(after, ctx.now), move.lookAgainAt) }
}

/** What is not changed is not written anew: a long payload stays where it lies. */
async function writeOpenings(ctx: Ctx, rows: OpeningRow[], moves: Move[]): Promise<void> {
  const written = rows.map(({ id, phase, eventSeq, nextCheckAt }, i) => ({
    id,
    phase,
    eventSeq,
    nextCheckAt,
    ...moves[i]!.changes,
  }))
  await ctx.db.execute(sql`
    update opening o set phase = n."phase", event_seq = n."eventSeq", next_check_at = n."nextCheckAt",
      close_payload = coalesce(n."closePayload", o.close_payload), close_entry_id = coalesce(n."closeEntryId", o.close_entry_id),
      counted = coalesce(n."counted", o.counted), release_opened_at = coalesce(n."releaseOpenedAt", o.release_opened_at),
      release_basis = coalesce(n."releaseBasis", o.release_basis), release_ends_at = coalesce(n."releaseEndsAt", o.release_ends_at),
      record_payload = coalesce(n."recordPayload", o.record_payload), record_hash = coalesce(n."recordHash", o.record_hash),
      objection_ends_at = coalesce(n."objectionEndsAt", o.objection_ends_at),
      release_count = coalesce(n."releaseCount", o.release_count)
    from json_to_recordset(${JSON.stringify(written)}::json) as n(
      "id" uuid, "phase" text, "eventSeq" int, "nextCheckAt" timestamptz, "closePayload" text, "closeEntryId" uuid,
      "counted" int, "releaseOpenedAt" timestamptz, "releaseBasis" text, "releaseEndsAt" timestamptz, "recordPayload" text,
      "recordHash" text, "objectionEndsAt" timestamptz, "releaseCount" int)
    where o.id = n."id"`)
}

type Line = { lot: string; seq: number; kind: string; facts: Json }

async function writeEvents(ctx: Ctx, lines: Line[]): Promise<void> {
  if (lines.length === 0) return
  await ctx.db.execute(sql`
    insert into opening_event (lot_id, seq, kind, facts, at)
    select n.lot, n.seq, n.kind, n.facts, ${ctx.now.toISOString()}::timestamptz
    from json_to_recordset(${JSON.stringify(lines)}::json) as n(lot uuid, seq int, kind text, facts jsonb)
    order by n.lot, n.seq`)
  const lots = [...new Set(lines.map(line => line.lot))]
  await ctx.db.execute(sql`select pg_notify('opening', n) from unnest(${sql.param(lots)}::text[]) as n`)
}

/**
 * Moves many openings whose rows this transaction has locked, and says in each hall what happened there, in order and without
 * gaps: two statements for all of them. Refuses an event that a phase does not know. Returns the rows as they are then.
 */
export async function moveMany(ctx: Ctx, moves: Move[]): Promise<OpeningRow[]> {
  if (moves.length === 0) return []
  const rows = moves.map(move => changed(ctx, move))
  await writeOpenings(ctx, rows, moves)
  const lines = moves.flatMap(({ row, says = [] }) =>
    says.map(([kind, facts], i): Line => ({ lot: row.lotId, seq: row.eventSeq + 1 + i, kind, facts: facts as Json })),
  )
  await writeEvents(ctx, lines)
  if (rows.some(row => row.nextCheckAt && row.nextCheckAt <= ctx.now)) await ctx.db.execute(sql`select pg_notify('due', '')`)
  return rows
}
