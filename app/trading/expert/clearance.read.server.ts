import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { expert } from '@/db/schema/trading/expert'
import { expertClearance, expertPenalty, expertRule } from '@/db/schema/trading/expert-assessment'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { type Due, listDue } from './due.server'
import { findOwn } from './library.server'

const joined = (ctx: Ctx) =>
  ctx.db
    .select({
      clearance: expertClearance,
      code: expert.code,
      expertState: expert.state,
      rule: expertRule,
      penalty: expertPenalty,
    })
    .from(expertClearance)
    .innerJoin(expert, eq(expert.id, expertClearance.expertId))
    .leftJoin(expertRule, eq(expertRule.id, expertClearance.ruleId))
    .leftJoin(expertPenalty, eq(expertPenalty.id, expertClearance.penaltyId))

type Joined = Awaited<ReturnType<typeof joined>>[number]

function viewOf({ clearance, code, rule, penalty }: Joined) {
  const { id, state, act, actMonths, points, reason, proposedAt, statementUntil, statement, statedAt, decision, decidedAt } =
    clearance
  const source = rule ? `${rule.name}（${rule.source}）` : penalty ? `${penalty.authority} ${penalty.document}` : ''
  return {
    ...{ id, code, state, act, actMonths, points, reason, source },
    ...{ proposedAt, statementUntil, statement, statedAt, decision, decidedAt },
  }
}

/** Clearances of one expert, newest first. */
export async function listClearances(ctx: Ctx, expertId: string) {
  const rows = await joined(ctx).where(eq(expertClearance.expertId, expertId)).orderBy(desc(expertClearance.proposedAt)).limit(50)
  return rows.map(viewOf)
}

/** Experts in the library against whom a punishment stands. */
const listPunished = (ctx: Ctx) =>
  ctx.db
    .selectDistinct({ code: expert.code })
    .from(expertPenalty)
    .innerJoin(expert, eq(expert.idTag, expertPenalty.idTag))
    .where(and(isNull(expertPenalty.revokedAt), inArray(expert.state, ['active', 'suspended'])))
    .orderBy(expert.code)
    .limit(200)

/** What the library works through: who has reached a rule or was punished, and what was proposed, waiting ones first. */
export async function readClearances(ctx: Ctx) {
  const rows = await joined(ctx)
    .orderBy(desc(sql`${expertClearance.state} = 'proposed'`), desc(expertClearance.proposedAt))
    .limit(200)
  const open = new Set(rows.filter(({ clearance }) => clearance.state === 'proposed').map(row => row.code))
  const due: Due[] = (await listDue(ctx)).filter(({ code }) => !open.has(code))
  const punished = (await listPunished(ctx)).filter(({ code }) => !open.has(code))
  return { due, punished, clearances: rows.map(viewOf) }
}

/** One clearance as whoever decides sees it. Refuses not-found. */
export async function readClearance(ctx: Ctx, id: string) {
  const [row] = await joined(ctx).where(eq(expertClearance.id, id))
  refuseUnless(row, 'not-found')
  const { proposedBy, statedAt, statementUntil } = row.clearance
  const isDue = statedAt !== null || ctx.now >= statementUntil
  return { ...viewOf(row), isMine: proposedBy === personOf(ctx).personId, isDue }
}

/** The expert's own clearance. Refuses not-found. */
export async function readOwnClearance(ctx: Ctx, id: string) {
  const own = await findOwn(ctx)
  refuseUnless(own, 'not-found')
  const [row] = await joined(ctx).where(and(eq(expertClearance.id, id), eq(expertClearance.expertId, own.id)))
  refuseUnless(row, 'not-found')
  return viewOf(row)
}
