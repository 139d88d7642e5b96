import { z } from 'zod'

const code = z.string().min(1).max(32)

/** PUT /lots/:id/evaluation/compliance. */
export const complianceBody = z
  .strictObject({
    bidId: z.uuid(),
    item: code,
    pass: z.boolean(),
    reason: z.string().trim().max(2_000).default(''),
  })
  .refine(mark => mark.pass || mark.reason.length > 0, { message: '不通过的，请写明依据和所在页码', path: ['reason'] })

/** PUT /lots/:id/evaluation/scores. */
export const scoreBody = z.strictObject({
  bidId: z.uuid(),
  item: code,
  score: z.string().regex(/^\d{1,4}(\.\d{1,2})?$/, '分值为数字，最多两位小数'),
})

/** POST /lots/:id/evaluation/signatures. */
export const signatureBody = z
  .strictObject({
    answer: z.enum(['sign', 'dissent', 'refuse']),
    reason: z.string().trim().max(5_000).default(''),
    /** Base64 CMS over the JCS of tbid/evaluation.sign@1. */
    cms: z.base64().max(100_000),
  })
  .refine(s => s.answer !== 'dissent' || s.reason.length > 0, { message: '不同意评标结论的，请书面说明理由', path: ['reason'] })

export type ComplianceInput = z.output<typeof complianceBody> & { lotId: string }
export type ScoreInput = z.output<typeof scoreBody> & { lotId: string }
export type SignatureInput = z.output<typeof signatureBody> & { lotId: string }

/** The confirmation of an act that cannot be undone. */
export const confirmForm = z.object({ confirmed: z.literal('yes', '请先核对并勾选确认') })
