import { z } from 'zod'

export const cms = z
  .string()
  .max(65_536)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, '应为 base64')
  .transform(text => new Uint8Array(Buffer.from(text, 'base64')))

/** POST /lots/:id/releases. The message is the canonical text of tbid/release@1. */
export const releaseBody = z.strictObject({ message: z.string().min(1).max(4_000_000), cms })

/** POST /lots/:id/confirmations. `cms` is over the canonical tbid/opening.confirm@1. */
export const answerBody = z
  .strictObject({
    answer: z.enum(['no-objection', 'objection']),
    text: z.string().trim().max(2_000, '不超过 2000 字').default(''),
    cms,
  })
  .refine(a => a.answer === 'no-objection' || a.text.length > 0, { message: '请写明异议', path: ['text'] })

/** POST /lots/:id/objections/:orgId/reply. */
export const replyBody = z.strictObject({ text: z.string().trim().min(1, '请写明答复').max(2_000, '不超过 2000 字') })

/** POST /lots/:id/opening/tsa-release. */
export const tsaReleaseBody = z.strictObject({ reason: z.string().trim().min(1, '请写明理由').max(500, '不超过 500 字') })
