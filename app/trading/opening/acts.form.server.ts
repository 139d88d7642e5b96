import { z } from 'zod'
import { causes, mostExtraSeconds } from '../rules/opening-acts'
import { cms, replyBody, tsaReleaseBody } from './opening.form.server'
import { talkForms } from './talk.form.server'

/** POST /lots/:id/record/signatures. `cms` is detached, over the room's digest. */
export const signatureBody = z.strictObject({ room: z.uuid(), cms })

const reason = z.string().trim().min(1, '请写明理由').max(500, '不超过 500 字')
const kinds = ['adjourn', 'resume', 'abort', 'extend', 'restart', 'destroy', 'second-envelope', 'twin'] as const

/** POST /lots/:id/opening/acts. `seconds` for extend and restart, `resumesAt` for adjourn and second-envelope, `nos` (of the hall's list) for restart and twin. */
export const actBody = z.strictObject({
  kind: z.enum(kinds, '请选择事项'),
  cause: z.enum(causes, '请选择事由'),
  reason,
  seconds: z.number().int().min(1).max(mostExtraSeconds).optional(),
  resumesAt: z.iso.datetime().optional(),
  nos: z.array(z.number().int().min(1)).min(1).max(2_000).optional(),
})

/** POST /lots/:id/opening/acts/decision. */
export const decisionBody = z.strictObject({
  kind: z.enum(kinds, '请选择事项'),
  approved: z.boolean(),
  decision: z.string().trim().max(500, '不超过 500 字').default(''),
})

/** POST /lots/:id/opening/twins. `uploadId` names a finished upload of the plaintext, `twinSalt` stands in the bidder's keepsake. */
export const twinBody = z.strictObject({
  files: z
    .array(
      z.strictObject({
        fileId: z.string().regex(/^[0-9a-f]{32}$/, '应为 32 位小写十六进制'),
        twinSalt: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, '应为 32 字节的 base64'),
        uploadId: z.uuid(),
        name: z
          .string()
          .trim()
          .min(1)
          .max(255)
          .regex(/^[^/\\\0]+$/, '文件名不能含路径'),
        type: z.string().regex(/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/, '应为媒体类型'),
      }),
    )
    .min(1)
    .max(64),
})

/** What a form leaves empty is not there. */
const optional = <T extends z.ZodType>(inner: T) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(inner)
    .optional()

/** As a page posts them; times are typed as Beijing time. */
const actForm = z.object({
  intent: z.literal('act'),
  kind: z.enum(kinds, '请选择事项'),
  cause: z.enum(causes, '请选择事由'),
  reason,
  minutes: optional(z.coerce.number('请填写分钟数').min(1, '至少一分钟').max(1_440, '不超过 1440 分钟')),
  resumesAt: optional(
    z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, '请填写复会时间')
      .transform(text => new Date(`${text}+08:00`).toISOString()),
  ),
})

const decisionForm = z.object({
  intent: z.literal('decide'),
  kind: z.enum(kinds),
  approved: z.enum(['yes', 'no'], '请选择决定'),
  decision: z.string().trim().max(500, '不超过 500 字').default(''),
})

/** One such form stands under each objection: its field is named by the bid, as every field of a page has a name of its own. */
const replyForm = z
  .looseObject({ intent: z.literal('reply'), organisationId: z.uuid(), no: z.coerce.number().int().min(1) })
  .transform(({ intent, organisationId, no, ...typed }, issues) => {
    const name = `reply-${no}`
    const parsed = replyBody.shape.text.safeParse(typed[name])
    if (parsed.success) return { intent, organisationId, text: parsed.data }
    for (const { message } of parsed.error.issues) issues.addIssue({ code: 'custom', message, path: [name] })
    return z.NEVER
  })

/** Forms of the hall's page that work without scripts: the host's reply, the supervisor's permission, acts, decisions, sign-in. */
export const hallForm = z.discriminatedUnion('intent', [
  replyForm,
  z.object({ intent: z.literal('allow'), allowReason: tsaReleaseBody.shape.reason }),
  actForm,
  decisionForm,
  z.object({ intent: z.literal('sign-in') }),
  ...talkForms,
])
export type HallForm = z.output<typeof hallForm>
