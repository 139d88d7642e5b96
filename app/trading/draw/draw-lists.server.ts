import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { employerTag } from '@/crypto/draw'
import { digestExcluded } from '@/crypto/draw-pool'
import { type Candidate, fits, type RowV2 } from '@/crypto/draw-rules'
import { canonical } from '@/crypto/jcs'
import { drawList } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import type { Ctx } from '~/platform/ctx'
import type { ExclusionReason } from '../expert/expert'
import { employerOf, snapshotKey } from '../expert/expert.server'
import { excludedFor } from './avoidance.server'
import type { DrawRules, SeatWish } from './draw'
import { engagedExperts } from './draw-booking.server'
import { type DrawRow, openAvoid } from './draw-request.server'
import { isAllOf, pagesOf } from './pool.read.server'

export type Barred = [c: string, reason: ExclusionReason]
export type DrawLists = { eligible: RowV2[]; barred: Barred[] }

const memberColumns = {
  id: expert.id,
  leaf: expert.leaf,
  disc: expert.disc,
  regionCode: expert.regionCode,
  employerName: expert.employerName,
  employerCode: expert.employerCode,
  state: expert.state,
}
type Member = Pick<typeof expert.$inferSelect, keyof typeof memberColumns>

const textArray = (list: string[]) =>
  sql`array[${sql.join(
    list.map(one => sql`${one}`),
    sql`, `,
  )}]::text[]`

/** The level of the classification a prefix lies on or below, for the index; null where it is above all of them. */
const levelOf = (prefix: string): string | null => {
  const level = [7, 5, 3].find(length => length <= prefix.length)
  return level === undefined ? null : prefix.slice(0, level)
}

/** Who fits a seat, as SQL: by index on the levels, then exactly. */
function fitting({ disc, region }: SeatWish): SQL | undefined {
  const levels = disc.map(levelOf)
  const known = levels.every(level => level !== null)
    ? sql`specialty_prefixes(${expert.disc}) && ${textArray(levels)}`
    : undefined
  const exact = sql`exists (select 1 from unnest(${expert.disc}) code, unnest(${textArray(disc)}) prefix where starts_with(code, prefix))`
  return and(known, exact, region === null ? undefined : inArray(expert.regionCode, region))
}

/** Everybody of the library who fits a seat, whatever else speaks against them, by commitment. */
const listFitting = (ctx: Ctx, rules: DrawRules): Promise<Member[]> =>
  ctx.db
    .select(memberColumns)
    .from(expert)
    .where(or(...rules.seats.map(fitting)))
    .orderBy(sql`${expert.leaf} collate "C"`)

/** What speaks against people of this library for this draw, by expert: avoidance (EX-05, EX-07) and time held for another evaluation. */
async function objections(ctx: Ctx, row: DrawRow): Promise<Map<string, ExclusionReason>> {
  const engaged = await engagedExperts(ctx, row)
  const excluded = await excludedFor(ctx, { ...row, avoid: openAvoid(ctx, row) })
  return new Map([
    ...[...engaged].map((id): [string, ExclusionReason] => [id, 'engaged']),
    ...excluded.map(({ expertId, reason }): [string, ExclusionReason] => [expertId, reason]),
  ])
}

/**
 * The eligible list E, and who fits a seat but is barred with the reason; both ascending by commitment (crypto.md §10.11). The rest of the
 * pool fits no seat: among a million experts nobody reads those rows.
 */
export async function listsOf(ctx: Ctx, row: DrawRow, rules: DrawRules): Promise<DrawLists> {
  const against = await objections(ctx, row)
  const key = snapshotKey(ctx.platform)
  const lists: DrawLists = { eligible: [], barred: [] }
  for (const member of await listFitting(ctx, rules)) {
    const who = { disc: member.disc, region: member.regionCode, emp: employerTag(key, row.drawId, employerOf(member)) }
    const person: Candidate = { c: member.leaf, ...who }
    if (!rules.seats.some(seat => fits(person, seat))) continue
    const reason = member.state === 'active' ? against.get(member.id) : 'not-active'
    if (reason) lists.barred.push([member.leaf, reason])
    else lists.eligible.push([member.leaf, who])
  }
  return lists
}

const leavesOf = ({ eligible, barred }: DrawLists) => [...eligible.map(([c]) => c), ...barred.map(([c]) => c)]

/** Whether the pool knows every record in the lists; if not, the library changed after the snapshot and a new one is needed. */
export const isUpToDate = (ctx: Ctx, root: string, lists: DrawLists): Promise<boolean> => isAllOf(ctx, root, leavesOf(lists))

/** Hash and size of the excluded list over a whole pool, as the prelude names them. */
export async function excludedDigest(ctx: Ctx, root: string, { eligible, barred }: DrawLists) {
  return digestExcluded(await pagesOf(ctx, root), { eligible: eligible.map(([c]) => c), barred })
}

/** Keeps the lists of a draw as they are hashed in its prelude. */
export async function keepLists(ctx: Ctx, drawId: string, { eligible, barred }: DrawLists): Promise<string> {
  const text = canonical(eligible)
  await ctx.db.insert(drawList).values({ drawId, eligible: text, barred: canonical(barred) })
  return text
}

/** The lists of a draw that has begun; null before. */
export async function readLists(ctx: Ctx, drawId: string): Promise<{ eligible: string; barred: Barred[] } | null> {
  const [row] = await ctx.db.select().from(drawList).where(eq(drawList.drawId, drawId))
  return row ? { eligible: row.eligible, barred: JSON.parse(row.barred) as Barred[] } : null
}

/** The eligible list exactly as it was hashed in the prelude; empty before. */
export async function readEligibleRows(ctx: Ctx, drawId: string): Promise<unknown[]> {
  const lists = await readLists(ctx, drawId)
  return lists ? (JSON.parse(lists.eligible) as unknown[]) : []
}
