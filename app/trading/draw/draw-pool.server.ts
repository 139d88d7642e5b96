import { and, eq, gt, inArray, lt, ne, sql } from 'drizzle-orm'
import { employerTag, poolRoot } from '@/crypto/draw'
import { type Candidate, fits, type RowV2 } from '@/crypto/draw-rules'
import { membership, organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { expert, expertAvoid, expertPool } from '@/db/schema/trading/expert'
import type { Ctx } from '~/platform/ctx'
import type { ExclusionReason } from '../expert/expert'
import { employerOf, snapshotKey } from '../expert/expert.server'
import { type FoundLot, findLot } from '../lot/find-lot.server'
import type { DrawRules } from './draw'
import { type DrawRow, openAvoid } from './draw-request.server'

export type Excluded = [c: string, reason: ExclusionReason]
export type DrawLists = { root: string; size: number; eligible: RowV2[]; excluded: Excluded[] }

type Unit = { name: string; code: string | null; reason: ExclusionReason }
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

/** Organisations that bid in this lot and round. Only for the server's own match, after closing (EX-07). */
async function bidderUnits(ctx: Ctx, row: DrawRow): Promise<Unit[]> {
  const bidders = await ctx.db
    .selectDistinct({ name: organisation.name, code: organisation.creditCode })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(and(eq(bid.lotId, row.lotId), eq(bid.round, row.round)))
  return bidders.map(unit => ({ ...unit, reason: 'bidder-unit' }))
}

/** Every unit whose people may not sit: bidders, tenderer, agency, supervising bodies, and what the agency listed (EX-05, EX-06). */
async function unitsToAvoid(ctx: Ctx, row: DrawRow, { project }: FoundLot): Promise<Unit[]> {
  const columns = { name: organisation.name, code: organisation.creditCode }
  const agency = await ctx.db.select(columns).from(organisation).where(eq(organisation.id, project.agencyId))
  const supervising = await ctx.db
    .selectDistinct(columns)
    .from(membership)
    .innerJoin(organisation, eq(organisation.id, membership.organisationId))
    .where(inArray(membership.role, ['supervisor', 'operator']))
  return [
    ...(await bidderUnits(ctx, row)),
    { name: project.tendererName, code: project.tendererCode, reason: 'tenderer-unit' },
    ...agency.map((unit): Unit => ({ ...unit, reason: 'agency-unit' })),
    ...supervising.map((unit): Unit => ({ ...unit, reason: 'department' })),
    ...openAvoid(ctx, row).map((unit): Unit => ({ name: unit.organisationName, code: unit.creditCode, reason: 'listed' })),
  ]
}

/** Experts who declared a unit of this draw as one to keep away from. */
async function declaredBy(ctx: Ctx, units: Unit[]): Promise<Set<string>> {
  const rows = await ctx.db.select().from(expertAvoid)
  const names = new Set(units.map(unit => unit.name))
  const codes = new Set(units.map(unit => unit.code))
  const hit = rows.filter(one => names.has(one.organisationName) || (one.creditCode !== null && codes.has(one.creditCode)))
  return new Set(hit.map(one => one.expertId))
}

/** Experts who sit elsewhere while this evaluation runs. */
export async function engagedExperts(ctx: Ctx, row: DrawRow): Promise<Set<string>> {
  const endsAt = new Date(row.evaluationAt.getTime() + row.hours * 3_600_000)
  const overlaps = and(
    ne(draw.id, row.id),
    inArray(draw.state, ['contacting', 'complete']),
    lt(draw.evaluationAt, endsAt),
    gt(sql`${draw.evaluationAt} + make_interval(hours => ${draw.hours})`, row.evaluationAt),
  )
  const rows = await ctx.db
    .select({ id: drawContact.expertId })
    .from(drawContact)
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .where(and(overlaps, eq(drawContact.state, 'accepted')))
  return new Set(rows.map(one => one.id))
}

type Tests = {
  names: Map<string, ExclusionReason>
  codes: Map<string, ExclusionReason>
  declared: Set<string>
  engaged: Set<string>
  rules: DrawRules
}

function reasonAgainst(member: Member, person: Candidate, tests: Tests): ExclusionReason | null {
  if (member.state !== 'active') return 'not-active'
  const byCode = member.employerCode === null ? undefined : tests.codes.get(member.employerCode)
  const unit = byCode ?? tests.names.get(member.employerName)
  if (unit) return unit
  if (tests.declared.has(member.id)) return 'declared'
  if (tests.engaged.has(member.id)) return 'engaged'
  return tests.rules.seats.some(seat => fits(person, seat)) ? null : 'no-fit'
}

/** Splits the whole library into the eligible list E and the excluded list, both ascending by commitment (crypto.md §10.11). */
export async function listsOf(ctx: Ctx, row: DrawRow, rules: DrawRules): Promise<DrawLists> {
  const units = await unitsToAvoid(ctx, row, await findLot(ctx, row.lotId))
  const tests: Tests = {
    names: new Map(units.toReversed().map(unit => [unit.name, unit.reason])),
    codes: new Map(units.toReversed().flatMap(unit => (unit.code ? [[unit.code, unit.reason] as const] : []))),
    declared: await declaredBy(ctx, units),
    engaged: await engagedExperts(ctx, row),
    rules,
  }
  const members = await ctx.db.select(memberColumns).from(expert).orderBy(sql`${expert.leaf} collate "C"`)
  const key = snapshotKey(ctx.platform)
  const lists: DrawLists = { root: poolRoot(members.map(one => one.leaf)), size: members.length, eligible: [], excluded: [] }
  for (const member of members) {
    const who = { disc: member.disc, region: member.regionCode, emp: employerTag(key, row.drawId, employerOf(member)) }
    const reason = reasonAgainst(member, { c: member.leaf, ...who }, tests)
    if (reason) lists.excluded.push([member.leaf, reason])
    else lists.eligible.push([member.leaf, who])
  }
  await keepPool(ctx, lists.root, members)
  return lists
}

async function keepPool(ctx: Ctx, root: string, list: Member[]) {
  const leaves = new Uint8Array(Buffer.from(list.map(one => one.leaf).join(''), 'hex'))
  const members = new Uint8Array(Buffer.from(list.map(one => one.id.replaceAll('-', '')).join(''), 'hex'))
  const row = { root, size: list.length, leaves, members, createdAt: ctx.now }
  await ctx.db.insert(expertPool).values(row).onConflictDoNothing()
}

async function readPoolRow(ctx: Ctx, root: string) {
  const [row] = await ctx.db.select().from(expertPool).where(eq(expertPool.root, root))
  if (!row) throw new Error(`pool ${root} is gone`)
  return row
}

const split = (bytes: Uint8Array, size: number): Buffer[] =>
  Array.from({ length: bytes.length / size }, (_, at) => Buffer.from(bytes.buffer, bytes.byteOffset + size * at, size))

/** The commitments of a kept pool, ascending, as bytes. */
export const readPool = async (ctx: Ctx, root: string): Promise<Buffer[]> => split((await readPoolRow(ctx, root)).leaves, 32)

/** Ids of the experts behind some commitments of a kept pool. */
export async function expertsBehind(ctx: Ctx, root: string, cs: string[]): Promise<Map<string, string>> {
  const pool = await readPoolRow(ctx, root)
  const ids = split(pool.members, 16)
  const wanted = new Set(cs)
  const found = split(pool.leaves, 32).flatMap((leaf, at): [string, string][] => {
    const c = leaf.toString('hex')
    return wanted.has(c) ? [[c, (ids[at]?.toString('hex') ?? '').replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')]] : []
  })
  return new Map(found)
}
