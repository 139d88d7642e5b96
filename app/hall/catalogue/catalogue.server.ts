import { and, eq, isNull } from 'drizzle-orm'
import { type ItemGuide, type ItemMaterial, serviceItem } from '@/db/schema/hall/catalogue'
import { command } from '~/platform/audit/command.server'
import { inScope } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import type { CaseKind, ItemKind } from './catalogue.text'

export interface NewItem {
  code: string
  name: string
  kind: ItemKind
  caseKind: CaseKind
  regionCode: string
  organisationId: string
  legalDays: number
  promisedDays: number
  materials: ItemMaterial[]
  guide: ItemGuide
}

/**
 * Publishes an item, or its next version; the version before is withdrawn, cases handed in under it keep it.
 * The promised limit never exceeds the legal one (行政许可法 42); refuses bad-input otherwise.
 */
export const publishItem = command(
  'hall.handle',
  async (ctx, input: NewItem) => {
    inScope(ctx, input)
    refuseUnless(input.promisedDays <= input.legalDays, 'bad-input', {
      reason: '承诺办结时限不得超过法定办结时限',
      field: 'promisedDays',
    })
    const standing = and(eq(serviceItem.code, input.code), isNull(serviceItem.withdrawnAt))
    const [before] = await ctx.db.select().from(serviceItem).where(standing).for('update')
    if (before) await ctx.db.update(serviceItem).set({ withdrawnAt: ctx.now }).where(eq(serviceItem.id, before.id))
    const row = { ...input, id: crypto.randomUUID(), version: (before?.version ?? 0) + 1, publishedAt: ctx.now }
    await ctx.db.insert(serviceItem).values(row)
    return { result: { id: row.id, version: row.version }, entry: { facts: { item: input.code, version: row.version } } }
  },
  'hall.item.publish',
)
