import { and, asc, desc, eq, lte } from 'drizzle-orm'
import { type ExpertRuleKind, expertRule } from '@/db/schema/trading/expert-assessment'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { dayOf } from '~/shared/time'
import type { RuleInput } from './rule.form.server'

export type ExpertRule = typeof expertRule.$inferSelect

/** The rules of a kind in force today: of each code the newest version whose day has come, unless that ends it. */
export async function rulesInForce(ctx: Ctx, kind: ExpertRuleKind): Promise<ExpertRule[]> {
  const rows = await ctx.db
    .selectDistinctOn([expertRule.code])
    .from(expertRule)
    .where(and(eq(expertRule.kind, kind), lte(expertRule.effectiveOn, dayOf(ctx.now))))
    .orderBy(asc(expertRule.code), desc(expertRule.version))
  return rows.filter(row => !row.isOff)
}

/** How many evaluations an expert may accept in a month; null where the library has set none. */
export async function monthlyCap(ctx: Ctx): Promise<number | null> {
  const caps = await rulesInForce(ctx, 'cap')
  return caps.length > 0 ? Math.min(...caps.map(rule => rule.value)) : null
}

/** Every version of every rule, newest first within its code. */
export const listRules = (ctx: Ctx): Promise<ExpertRule[]> =>
  ctx.db.select().from(expertRule).orderBy(asc(expertRule.kind), asc(expertRule.code), desc(expertRule.version))

/** Adds a rule, or a newer version of one; earlier versions stay as what past decisions rest on. */
export const addRule = command(
  'expert.manage',
  async (ctx, input: RuleInput) => {
    const same = and(eq(expertRule.kind, input.kind), eq(expertRule.code, input.code))
    const [last] = await ctx.db.select().from(expertRule).where(same).orderBy(desc(expertRule.version)).limit(1).for('update')
    const createdBy = ctx.actor.kind === 'person' ? ctx.actor.personId : null
    const row = { id: crypto.randomUUID(), ...input, version: (last?.version ?? 0) + 1, createdBy, createdAt: ctx.now }
    await ctx.db.insert(expertRule).values(row)
    const { kind, code, version, value, source, effectiveOn, isOff } = row
    return { result: { id: row.id, version }, entry: { facts: { kind, code, version, value, source, effectiveOn, isOff } } }
  },
  'expert.rule',
)
