import { z } from 'zod'
import { cmsField, messageField } from '../custody/custody.form.server'

/** POST /lots/:id/bids: the signed statement, and under which upload each of its files lies. */
export const commitBody = z.strictObject({
  statement: messageField,
  cms: cmsField,
  uploads: z.record(z.string().regex(/^[0-9a-f]{32}$/), z.uuid()).default({}),
})

/** POST /lots/:id/bids/confirmation. */
export const confirmationBody = z.strictObject({ statement: messageField, cms: cmsField })

/** POST /lots/:id/bids/beginning. */
export const beginningBody = z.strictObject({
  statement: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})

export const receiptAnswer = z.object({
  t: z.literal('tbid/receipt@1'),
  platform: z.string(),
  lot: z.string(),
  lotCode: z.string(),
  lotName: z.string(),
  kind: z.enum(['submit', 'confirm']),
  statement: z.string(),
  at: z.string(),
  payload: z.record(z.string(), z.unknown()),
  salt: z.string(),
  index: z.number(),
  proof: z.string(),
  cades: z.string().nullable(),
  tsa: z.string().nullable(),
  anchors: z.string(),
})
