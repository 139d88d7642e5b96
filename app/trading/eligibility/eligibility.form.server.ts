import { z } from 'zod'
import { text } from '~/platform/form/text.server'

const creditCode = z.string().trim().toUpperCase().length(18, '统一社会信用代码为 18 位')
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, '日期格式为 2026-01-05')

/** PUT /lots/:id/prequalification. */
export const prequalificationBody = z.strictObject({
  creditCodes: z.array(creditCode).min(3, '通过资格预审的申请人不得少于三个').max(2_000),
})

/** POST /debarments. */
export const debarmentBody = z
  .strictObject({
    creditCode,
    name: text('单位名称', 120),
    reason: text('事由', 500),
    source: text('依据（机关和文号）', 200),
    startsOn: day,
    endsOn: day,
  })
  .refine(body => body.startsOn <= body.endsOn, { message: '截止日期不能早于起始日期', path: ['endsOn'] })

/** POST /debarments/:id/end. */
export const debarmentEndBody = z.strictObject({ reason: text('解除理由', 500) })
