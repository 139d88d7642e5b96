import { and, eq, gte, inArray, isNull, sql } from 'drizzle-orm'
import { expert } from '@/db/schema/trading/expert'
import { expertMark } from '@/db/schema/trading/expert-assessment'
import type { Ctx } from '~/platform/ctx'
import { type ExpertRule, rulesInForce } from './rule.server'

export type Due = { code: string; points: number; rule: ExpertRule }

/** Whether a mark came after the last clearance proposed for this rule or a harder one: the same points are not judged twice. */
const isFresh = ({ value }: ExpertRule) =>
  sql`max(${expertMark.at}) > coalesce((
    select max(c.proposed_at) from expert_clearance c join expert_rule r on r.id = c.rule_id
    where c.expert_id = ${expert.id} and r.value >= ${value}), '-infinity')`

/** Points of experts since a day, at least so many; of one expert where named. */
async function reached(ctx: Ctx, rule: ExpertRule, expertId?: string) {
  const since = new Date(ctx.now)
  since.setUTCMonth(since.getUTCMonth() - (rule.windowMonths ?? 12))
  const counted = and(
    gte(expertMark.at, since),
    isNull(expertMark.revokedAt),
    inArray(expert.state, ['active', 'suspended']),
    expertId ? eq(expertMark.expertId, expertId) : undefined,
  )
  return ctx.db
    .select({ code: expert.code, points: sql<number>`sum(${expertMark.points})::int` })
    .from(expertMark)
    .innerJoin(expert, eq(expert.id, expertMark.expertId))
    .where(counted)
    .groupBy(expert.id, expert.code)
    .having(and(sql`sum(${expertMark.points}) >= ${rule.value}`, isFresh(rule)))
}

/**
 * Who has reached a rule of clearance (积分清退), with the hardest rule reached. The platform proposes; a person of the library decides, since
 * the decision is against somebody and can be appealed.
 */
export async function listDue(ctx: Ctx, expertId?: string): Promise<Due[]> {
  const rules = (await rulesInForce(ctx, 'clearance')).toSorted((a, b) => b.value - a.value)
  const found = new Map<string, Due>()
  for (const rule of rules) {
    for (const { code, points } of await reached(ctx, rule, expertId))
      if (!found.has(code)) found.set(code, { code, points, rule })
  }
  return [...found.values()]
}
