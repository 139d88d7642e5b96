import { z } from 'zod'

/** POST /lots/:id/candidates-notice. The period ends at the earliest the rules allow unless told. */
export const candidatesBody = z.strictObject({
  periodEndsAt: z.iso
    .datetime({ offset: true })
    .transform(text => new Date(text))
    .optional(),
})

/** POST /lots/:id/award. */
export const awardBody = z.strictObject({
  bidId: z.uuid(),
  reason: z.string().trim().max(2_000).default(''),
})

export type CandidatesInput = z.output<typeof candidatesBody> & { lotId: string }
export type AwardInput = z.output<typeof awardBody> & { lotId: string }

/** The page's form: without a bid it publishes the candidates. */
export const awardForm = z.object({
  confirmed: z.literal('yes', '请先核对并勾选确认'),
  bidId: z.union([z.uuid(), z.literal('')]).default(''),
  reason: z.string().trim().max(2_000).default(''),
})
