import { eq } from 'drizzle-orm'
import { drawIdOf } from '@/crypto/draw-message'
import { draw, drawApproval, drawLot } from '@/db/schema/trading/draw'
import { regionName } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, personOf } from '~/platform/identity/authorise.server'
import { nextNumber } from '~/platform/number/number.server'
import { closeJson, openJson } from '~/platform/vault/vault.server'
import { next } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { type FoundLot, findLot, lockOwnLot } from '../lot/find-lot.server'
import { type AvoidUnit, drawFlow, rulesOf } from './draw'
import type { DrawInput } from './draw.form.server'
import { nameRepresentatives } from './representative.server'
import { checkRequest, refuseInfeasible } from './request-check.server'

export type DrawRow = typeof draw.$inferSelect

const avoidAbout = (id: string) => `draw avoid ${id}`

/** The units the agency asked to keep away from; for the server's own match only. */
export const openAvoid = (ctx: Ctx, row: Pick<DrawRow, 'id' | 'avoidBox'>): AvoidUnit[] =>
  openJson<AvoidUnit[]>(ctx.platform.vault, avoidAbout(row.id), row.avoidBox)

/** Asks for a draw of the committee (评标委员会组建申请, EX-01). One live draw per lot, round and kind; a second needs the first voided. */
export const requestDraw = command('draw.request', async (ctx, { lotId, input }: { lotId: string; input: DrawInput }) => {
  const found = await lockOwnLot(ctx, lotId)
  const lots = await checkRequest(ctx, found, input)
  const wanted = await drawRow(ctx, found, input)
  const [row] = await ctx.db.insert(draw).values(wanted).returning()
  await ctx.db.insert(drawLot).values(lots.map(one => ({ ...one, drawId: wanted.id })))
  await nameRepresentatives(ctx, wanted.id, input.representatives)
  await refuseInfeasible(ctx, row!)
  const facts = {
    draw: wanted.drawId,
    size: input.size,
    representatives: input.representatives.length,
    isEarly: input.isEarly,
    lots: lots.map(one => one.lotId),
    rules: JSON.stringify(wanted.rules),
    evaluationAt: wanted.evaluationAt.toISOString(),
  }
  return { result: { id: wanted.id, drawId: wanted.drawId }, entry: { lotId, facts } }
})

async function drawRow(ctx: Ctx, { lot, project }: FoundLot, input: DrawInput) {
  const id = crypto.randomUUID()
  const { platformId } = ctx.platform.config
  const number = await nextNumber(ctx, `draw ${lot.id} ${lot.round} ${input.kind}`)
  const avoid: AvoidUnit[] = input.avoid.map(unit => ({ ...unit, creditCode: unit.creditCode ?? null }))
  const { kind, size, isComplex, isEarly, contactBy, evaluationAt, place, hours } = input
  return {
    ...{ id, lotId: lot.id, round: lot.round, kind, number, size, isComplex, isEarly, contactBy, evaluationAt, place, hours },
    drawId: drawIdOf({ platform: platformId, lot: lot.id, round: lot.round, kind, number }),
    state: 'requested' as const,
    rules: rulesOf(input.seats, input.alternates),
    avoidBox: closeJson(ctx.platform.vault, avoidAbout(id), avoid),
    city: regionName(`${project.regionCode.slice(0, 4)}00`),
    answerSeconds: input.answerSeconds ?? 1_800,
    revealSeconds: input.revealSeconds ?? 300,
    requestedBy: personOf(ctx).organisationId,
    requestedByPerson: personOf(ctx).personId,
    createdAt: ctx.now,
  }
}

/** Locks a draw's row. Refuses not-found. */
export async function lockDraw(ctx: Ctx, id: string): Promise<DrawRow> {
  const [row] = await ctx.db.select().from(draw).where(eq(draw.id, id)).for('update')
  refuseUnless(row, 'not-found')
  return row
}

/**
 * Two persons of the supervising body let the draw happen: the first reviews (审核), the second approves (核准). Neither may be the other, nor
 * the one who asked. The approver's organisation becomes the draw's supervising party.
 */
export const approveDraw = command('draw.approve', async (ctx, { id }: { id: string }) => {
  const row = await lockDraw(ctx, id)
  const { project } = await findLot(ctx, row.lotId)
  inScope(ctx, project)
  const { personId, organisationId } = personOf(ctx)
  const [first] = await ctx.db.select().from(drawApproval).where(eq(drawApproval.drawId, id))
  const state = next(drawFlow, row.state, first ? 'approve' : 'review')
  refuseUnless(personId !== row.requestedByPerson && personId !== first?.personId, 'two-person-rule')
  const step = first ? 2 : 1
  await ctx.db.insert(drawApproval).values({ drawId: id, step, personId, organisationId, at: ctx.now })
  const approval = state === 'approved' ? { approvedBy: organisationId, approvedAt: ctx.now } : {}
  await ctx.db
    .update(draw)
    .set({ state, ...approval })
    .where(eq(draw.id, id))
  return { result: { state }, entry: { lotId: row.lotId, facts: { draw: row.drawId, step, by: personId } } }
})
