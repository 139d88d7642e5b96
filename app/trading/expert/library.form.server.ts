import { z } from 'zod'
import { expertStates } from '@/db/schema/trading/expert'
import type { LibraryFilter } from './library.read.server'

const text = z.string().trim().max(60).optional()

/** Filters of the library as the API takes them. */
export const filterQuery = z.strictObject({
  code: text,
  disc: z
    .string()
    .regex(/^[A-C]?\d{0,6}$/, '专业代码如 A08、A0801')
    .optional(),
  region: z
    .string()
    .regex(/^\d{0,6}$/, '地区代码为 6 位以内数字')
    .optional(),
  employer: text,
  state: z.enum(expertStates).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
})

/** The same from a page's address; what is malformed counts as not given. */
export function readFilter(params: URLSearchParams): LibraryFilter {
  const given = Object.fromEntries([...params].filter(([name, value]) => name in filterQuery.shape && value.trim() !== ''))
  const parsed = filterQuery.safeParse(given)
  if (parsed.success) return filterOf(parsed.data)
  const bad = new Set(parsed.error.issues.map(issue => String(issue.path[0])))
  return filterOf(filterQuery.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !bad.has(name)))))
}

export const filterOf = ({ code, disc, region, employer, state, page }: z.output<typeof filterQuery>): LibraryFilter => ({
  code: code ?? '',
  disc: disc ?? '',
  region: region ?? '',
  employer: employer ?? '',
  state: state ?? null,
  page,
})
