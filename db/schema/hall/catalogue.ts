import { integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, id, state } from '@/db/columns'
import { organisation } from '@/db/schema/platform/identity'

/** 办件类型 (GB/T 39046—2020 annex A): done at once, or within a promised limit. */
export const caseKinds = ['instant', 'promise'] as const

/** 事项类型 (GB/T 39046—2020 annex A). */
export const itemKinds = ['permit', 'confirmation', 'other', 'public-service'] as const

/** One material of an item's list; nothing beyond it may be asked for (办事指南). */
export interface ItemMaterial {
  code: string
  name: string
  isRequired: boolean
  form: string
  standard: string
  basis: string
}

/** The rest of the service guide (办事指南): shown, never computed with. */
export interface ItemGuide {
  basis: string[]
  audience: string
  conditions: string[]
  steps: { name: string; days: string; standard: string; result: string }[]
  result: string
  fee: string
  place: string
  hours: string
  phone: string
  supervision: string
}

/** A service item (政务服务事项). A version never changes: what is altered becomes the next version. */
export const serviceItem = pgTable(
  'service_item',
  {
    id: id().primaryKey(),
    /** 实施编码: 18 credit code + 1 level + 12 basic code. */
    code: text('code').notNull(),
    version: integer('version').notNull(),
    name: text('name').notNull(),
    kind: state('kind', itemKinds).notNull(),
    caseKind: state('case_kind', caseKinds).notNull(),
    regionCode: text('region_code').notNull(),
    /** 实施主体: whose decision it is. */
    organisationId: id('organisation_id')
      .notNull()
      .references(() => organisation.id),
    /** 工作日 (行政许可法 82). */
    legalDays: integer('legal_days').notNull(),
    promisedDays: integer('promised_days').notNull(),
    materials: jsonb('materials').$type<ItemMaterial[]>().notNull(),
    guide: jsonb('guide').$type<ItemGuide>().notNull(),
    publishedAt: at('published_at').notNull(),
    withdrawnAt: at('withdrawn_at'),
  },
  table => [uniqueIndex('service_item_version').on(table.code, table.version)],
)
