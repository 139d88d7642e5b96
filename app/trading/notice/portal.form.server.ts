import { z } from 'zod'
import { parseDay } from '~/shared/time'

// The portal's filters come from an address bar: what is malformed filters nothing instead of failing the page.
const loose = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const day = z.string().refine(value => parseDay(value) !== null)

/** Filters of the notice list, as they stand in its URL. */
export const noticeFilter = z.object({
  q: loose(z.string().trim().min(1).max(100)),
  kind: loose(z.string().min(1).max(40)),
  region: loose(z.string().regex(/^\d{6}$/)),
  stage: loose(z.string().min(1).max(40)),
  from: loose(day),
  to: loose(day),
  page: loose(z.coerce.number().int().min(1).max(10_000)),
})
