import { eq } from 'drizzle-orm'
import { specialtyEdition } from '@/db/schema/trading/expert-record'
import { readSpecialties } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { specialtyInForce } from '~/trading/expert/expert'
import { insertSpecialties } from '~/trading/expert/import/import-specialties.server'

const fill = command(
  'expert.manage',
  async (ctx, _: null) => {
    const rows = readSpecialties()
    await ctx.db.insert(specialtyEdition).values({
      id: specialtyInForce,
      name: '公共资源交易评标专家专业分类标准',
      source: '发改法规〔2018〕316号（一、二级全部，三级为常用部分）',
      effectiveOn: null,
      isInForce: true,
      createdAt: ctx.now,
    })
    await insertSpecialties(ctx, specialtyInForce, rows)
    return { result: null, entry: { facts: { edition: specialtyInForce, codes: rows.length } } }
  },
  'seed.specialties',
)

/** The specialty classification in force; nothing twice. */
export async function seedSpecialties(ctx: Ctx): Promise<void> {
  const [known] = await ctx.db.select().from(specialtyEdition).where(eq(specialtyEdition.id, specialtyInForce))
  if (!known) await fill(ctx, null)
}
