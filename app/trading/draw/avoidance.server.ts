import { and, eq, inArray, sql } from 'drizzle-orm'
import { membership, organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { drawLot } from '@/db/schema/trading/draw'
import { lot } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { dayOf } from '~/shared/time'
import type { ExclusionReason } from '../expert/expert'
import { monthlyCap } from '../expert/rule.server'
import { findLot } from '../lot/find-lot.server'
import type { AvoidUnit } from './draw'

/** An evaluation that people are kept away from: which lot, when, and whom the agency asked to avoid. `id` null: not asked for yet. */
export interface AvoidanceRequest {
  id: string | null
  lotId: string
  round: number
  evaluationAt: Date
  hours: number
  avoid: AvoidUnit[]
}

type Unit = { name: string; code: string | null; reason: ExclusionReason }

/** Employment counts this many years back (政府采购法实施条例 9). */
export const lookBackYears = 3

/** States in which `lot.close` is in the log and the counted bidders are known to the server (EX-07, crypto.md §10.11). */
const knownStates = ['opening', 'opened', 'evaluating', 'evaluated', 'publicity', 'awarded', 'archived'] as const

/** Organisations that bid in the evaluated lots. None of a lot that is not closed: before that nobody, the server's match included, may know. */
async function bidderUnits(ctx: Ctx, request: AvoidanceRequest): Promise<Unit[]> {
  const more = request.id ? await ctx.db.select().from(drawLot).where(eq(drawLot.drawId, request.id)) : []
  const lots = [...new Set([request.lotId, ...more.map(one => one.lotId)])]
  const rows = await ctx.db
    .selectDistinct({ name: organisation.name, code: organisation.creditCode })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .innerJoin(lot, and(eq(lot.id, bid.lotId), eq(lot.round, bid.round)))
    .where(and(inArray(bid.lotId, lots), inArray(lot.state, [...knownStates])))
  return rows.map(unit => ({ ...unit, reason: 'bidder-unit' }))
}

/** EX-06: the agency's reason codes, as what speaks against a person of that unit. */
const reasonOfCode: Record<AvoidUnit['code'], ExclusionReason> = {
  '1': 'listed',
  '2': 'tenderer-unit',
  '3': 'department',
  '4': 'agency-unit',
  '9': 'listed',
}

/** Every unit whose people may not sit, the weightiest first: bidders, tenderer, agency, supervising bodies, what the agency listed (EX-05, EX-06). */
export async function unitsToAvoid(ctx: Ctx, request: AvoidanceRequest): Promise<Unit[]> {
  const { project } = await findLot(ctx, request.lotId)
  const columns = { name: organisation.name, code: organisation.creditCode }
  const agency = await ctx.db.select(columns).from(organisation).where(eq(organisation.id, project.agencyId))
  const supervising = await ctx.db
    .selectDistinct(columns)
    .from(membership)
    .innerJoin(organisation, eq(organisation.id, membership.organisationId))
    .where(inArray(membership.role, ['supervisor', 'operator']))
  return [
    ...(await bidderUnits(ctx, request)),
    { name: project.tendererName, code: project.tendererCode, reason: 'tenderer-unit' },
    ...agency.map((unit): Unit => ({ ...unit, reason: 'agency-unit' })),
    ...supervising.map((unit): Unit => ({ ...unit, reason: 'department' })),
    ...request.avoid.map(
      (unit): Unit => ({
        name: unit.organisationName,
        code: unit.creditCode,
        reason: reasonOfCode[unit.code],
      }),
    ),
  ]
}

/** Bit of each day of the week (Beijing, bit 0 = Sunday) on which the evaluation takes place. */
function weekdayMask(from: Date, until: Date): number {
  let mask = 0
  for (let at = from.getTime(); ; at += 86_400_000) {
    const day = dayOf(new Date(Math.min(at, until.getTime() - 1)))
    mask |= 1 << new Date(`${day}T00:00:00Z`).getUTCDay()
    if (at >= until.getTime()) return mask
  }
}

/** Experts tied to one of these units: working there, once employed there within three years, or having declared it. One pass over indexes. */
const tiedTo = (units: Unit[], since: string) => sql`
  with unit as (
    select x.rank, x.name, x.code, x.reason
    from jsonb_to_recordset(${JSON.stringify(units.map((unit, rank) => ({ ...unit, rank })))}::jsonb)
      as x(rank int, name text, code text, reason text)
  ), former as (
    select h.expert_id, h.until_on, u.rank, u.reason from unit u join expert_employment h on h.credit_code = u.code
    union all
    select h.expert_id, h.until_on, u.rank, u.reason from unit u join expert_employment h on h.organisation_name = u.name
  )
  select e.id as expert_id, u.rank, u.reason from unit u join expert e on e.employer_code = u.code
  union all
  select e.id, u.rank, u.reason from unit u join expert e on e.employer_name = u.name
  union all
  select expert_id, case when until_on is null then rank else 1000 end, case when until_on is null then reason else 'former-employer' end
  from former where coalesce(until_on, 'infinity'::date) >= ${since}::date
  union all
  select a.expert_id, 1001, 'declared' from unit u join expert_avoid a on a.credit_code = u.code
  union all
  select a.expert_id, 1001, 'declared' from unit u join expert_avoid a on a.organisation_name = u.name`

/** Experts away at that time, by leave or by the days of the week they keep free. */
const awayAt = (from: string, until: string, mask: number) => sql`
  select expert_id, 1003 as rank, 'on-leave' as reason from expert_leave
  where cancelled_at is null and until_at > ${from}::timestamptz and from_at < ${until}::timestamptz
  union all
  select id, 1003, 'on-leave' from expert where weekdays <> 127 and weekdays & ${mask}::int <> ${mask}::int`

/**
 * Experts who have accepted as many evaluations of that month (of Beijing; the span is for the index) as the library's rule allows (月度上限).
 * One that ended before they came does not count.
 */
const cappedIn = (cap: number, at: string, drawId: string | null) => sql`
  select c.expert_id, 1002 as rank, 'monthly-cap' as reason
  from draw d join draw_contact c on c.draw_id = d.id
  where c.state = 'accepted' and d.state <> 'void' and (d.state <> 'ended' or c.arrived_at is not null) and d.id is distinct from ${drawId}::uuid
    and d.evaluation_at between ${at}::timestamptz - interval '31 days' and ${at}::timestamptz + interval '31 days'
    and date_trunc('month', d.evaluation_at, 'Asia/Shanghai') = date_trunc('month', ${at}::timestamptz, 'Asia/Shanghai')
  group by c.expert_id having count(*) >= ${cap}`

/** Experts with a punishment on record that stands (EX-05; the rule's article is a row of every edition). The weightiest: no unit cures it. */
const punished = sql`
  select e.id as expert_id, -1 as rank, 'punished' as reason
  from expert_penalty p join expert e on e.id_tag = p.id_tag where p.revoked_at is null`

/** Who may not sit because of who bids, with the weightiest reason: what an earlier panel is checked against once its lots are closed. */
export async function tiedToBidders(ctx: Ctx, request: AvoidanceRequest): Promise<Map<string, ExclusionReason>> {
  const units = await bidderUnits(ctx, request)
  if (units.length === 0) return new Map()
  const { rows } = await ctx.db.execute<{ expert_id: string; reason: ExclusionReason }>(sql`
    select distinct on (hit.expert_id) hit.expert_id, hit.reason from (${tiedTo(units, lookBackFrom(ctx))}) hit
    order by hit.expert_id, hit.rank`)
  return new Map(rows.map(row => [row.expert_id, row.reason]))
}

/** The first day of employment's look-back. */
function lookBackFrom(ctx: Ctx): string {
  const since = new Date(ctx.now)
  since.setUTCFullYear(since.getUTCFullYear() - lookBackYears)
  return dayOf(since)
}

export type Exclusion = { expertId: string; leaf: string; reason: ExclusionReason }

/**
 * Avoidance computed inside the platform (EX-05, EX-07): whoever may not sit in this evaluation, one row each with the weightiest reason, by
 * commitment. Set-based and driven by indexes from the units and times, so that its cost follows those excluded and not the library. Not
 * here: who is not active (the row's own state) and who is held for another evaluation (the bookings).
 */
export async function excludedFor(ctx: Ctx, request: AvoidanceRequest): Promise<Exclusion[]> {
  const units = await unitsToAvoid(ctx, request)
  const [from, until] = [request.evaluationAt, new Date(request.evaluationAt.getTime() + request.hours * 3_600_000)]
  const cap = await monthlyCap(ctx)
  const capped = cap === null ? sql`` : sql` union all ${cappedIn(cap, from.toISOString(), request.id)}`
  const { rows } = await ctx.db.execute<{ expert_id: string; leaf: string; reason: ExclusionReason }>(sql`
    select distinct on (e.leaf collate "C") hit.expert_id, e.leaf, hit.reason
    from (${tiedTo(units, lookBackFrom(ctx))}
          union all ${awayAt(from.toISOString(), until.toISOString(), weekdayMask(from, until))}${capped}
          union all ${punished}) hit
    join expert e on e.id = hit.expert_id
    order by e.leaf collate "C", hit.rank`)
  return rows.map(({ expert_id: expertId, leaf, reason }) => ({ expertId, leaf, reason }))
}
