import { and, eq, inArray, notInArray } from 'drizzle-orm'
import { checkFeasible } from '@/crypto/draw-feasible'
import { readEligible } from '@/crypto/draw-rules'
import { organisation } from '@/db/schema/platform/identity'
import { draw } from '@/db/schema/trading/draw'
import { lot } from '@/db/schema/trading/project'
import { readRegions } from '@/db/seed/code-lists'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { listSpecialties } from '../expert/specialty.read.server'
import type { FoundLot } from '../lot/find-lot.server'
import { type CommitteeSeat, checkCommittee } from '../rules/committee'
import { type DrawRules, stoppedStates } from './draw'
import type { DrawInput } from './draw.form.server'
import { listsOf } from './draw-lists.server'
import { isOfLot } from './draw-lots.server'
import type { DrawRow } from './draw-request.server'
import { obstacleLines } from './obstacle.text'

/** States in which a committee can still be asked for: the deadline need not have come (评标委员会和评标方法暂行规定 8). */
const askable = ['bidding', 'closed', 'opening', 'opened'] as const

const fault = (field: string, reason: string) => ['bad-input', { field, reason }] as const

/** Seats as the agency wishes them: names apart, specialties and regions that exist, nobody asked for twice. */
async function checkSeats(ctx: Ctx, { seats, size, representatives }: DrawInput): Promise<void> {
  const experts = seats.reduce((all, seat) => all + seat.n, 0)
  const sum = `专家 ${experts} 人加招标人代表 ${representatives.length} 人，与委员会人数 ${size} 不符`
  refuseUnless(experts + representatives.length === size, ...fault('size', sum))
  refuseUnless(new Set(seats.map(({ seat }) => seat)).size === seats.length, ...fault('seats', '席位名称不能重复'))
  // Editions list the levels they name; a finer code under a listed one is drawn on by prefix, an unknown branch is a slip.
  const codes = new Set((await listSpecialties(ctx)).map(({ code }) => code))
  const unknown = codes.size === 0 ? [] : seats.flatMap(({ disc }) => disc).filter(code => !codes.has(code))
  refuseUnless(unknown.length === 0, 'specialty-unknown', { codes: unknown.join('、'), field: 'seats' })
  const regions = new Set(readRegions().map(({ code }) => code))
  const nowhere = seats.flatMap(({ region }) => region ?? []).find(code => !regions.has(code))
  refuseUnless(!nowhere, 'region-unknown', { code: nowhere ?? '', field: 'seats' })
}

type Composition = Pick<DrawInput, 'seats' | 'representatives' | 'isComplex'>

/** Whose side a named representative is on: the tenderer's, unless the stated unit is the agency (财政部令第87号 47). */
async function committeeSeats(ctx: Ctx, { project }: FoundLot, input: Composition): Promise<CommitteeSeat[]> {
  const [agency] = await ctx.db
    .select({ name: organisation.name })
    .from(organisation)
    .where(eq(organisation.id, project.agencyId))
  const experts = input.seats.flatMap(({ n }) => Array.from({ length: n }, () => ({ role: 'expert' as const, isChair: false })))
  const others = input.representatives.map(({ unit }) => ({
    role: unit && unit === agency?.name ? ('agency' as const) : ('employer' as const),
    isChair: false,
  }))
  return [...experts, ...others]
}

/** Size, share of experts and who may sit, by the rule edition of the project. Refuses committee-unlawful with each article. */
async function checkLaw(ctx: Ctx, found: FoundLot, input: Composition): Promise<void> {
  const { lot: of, project, edition } = found
  const seats = await committeeSeats(ctx, found, input)
  const isWater = edition.committee.waterSectors.includes(project.sector)
  const violations = checkCommittee(edition, { seats, budgetFen: of.ceilingFen, isComplex: input.isComplex, isWater })
  refuseUnless(violations.length === 0, 'committee-unlawful', {
    violations: violations.map(({ text }) => text).join(''),
    field: 'size',
  })
}

/** The same for a committee already asked for, with these representatives. */
export const checkCommitteeOf = (ctx: Ctx, found: FoundLot, row: DrawRow, representatives: DrawInput['representatives']) =>
  checkLaw(ctx, found, { seats: (row.rules as DrawRules).seats, representatives, isComplex: row.isComplex })

/** The lots the committee shall evaluate: of one project, all still askable, none evaluated before it can have closed. */
async function checkLots(ctx: Ctx, { lot: own, project }: FoundLot, input: DrawInput) {
  const ids = [...new Set([own.id, ...input.alsoLots])]
  const rows = await ctx.db
    .select({ id: lot.id, round: lot.round, state: lot.state, biddingEndsAt: lot.biddingEndsAt })
    .from(lot)
    .where(and(inArray(lot.id, ids), eq(lot.projectId, project.id)))
  refuseUnless(rows.length === ids.length, ...fault('alsoLots', '只能选择同一项目的标段'))
  for (const row of rows) {
    refuseUnless((askable as readonly string[]).includes(row.state), 'draw-not-due', { state: row.state, field: 'alsoLots' })
    const earliest = row.biddingEndsAt ?? ctx.now
    refuseUnless(input.evaluationAt >= earliest, ...fault('evaluationAt', '评标时间不能早于投标截止时间'))
    const live = and(isOfLot(row.id), eq(draw.kind, input.kind), eq(draw.round, row.round), notInArray(draw.state, stoppedStates))
    const [other] = await ctx.db.select({ id: draw.id }).from(draw).where(live)
    refuseUnless(!other, 'draw-exists')
  }
  return rows.map(({ id, round }) => ({ lotId: id, round }))
}

/** Everything a request must satisfy by itself. Returns the lots of the draw. */
export async function checkRequest(ctx: Ctx, found: FoundLot, input: DrawInput) {
  refuseUnless((askable as readonly string[]).includes(found.lot.state), 'draw-not-due', { state: found.lot.state })
  const mayBeEarly = !input.isEarly || found.edition.draw.beforeClose !== null
  refuseUnless(mayBeEarly, ...fault('isEarly', '本类项目不得在投标截止前抽取'))
  await checkSeats(ctx, input)
  await checkLaw(ctx, found, input)
  return checkLots(ctx, found, input)
}

/**
 * Whether the library could seat this committee today, before any randomness and without a look at who bids (EX-07): it refuses draw-infeasible
 * with the seats that lack people and each single change that would do. What the bids take away later is found when the draw begins.
 */
export async function refuseInfeasible(ctx: Ctx, row: DrawRow): Promise<void> {
  const rules = row.rules as DrawRules
  const { eligible } = await listsOf(ctx, row, rules)
  const feasibility = checkFeasible(rules, readEligible(eligible, 2))
  if (!feasibility.feasible)
    refuseUnless(false, 'draw-infeasible', { obstacle: obstacleLines(feasibility).join(''), field: 'seats' })
}
