import { z } from 'zod'
import { text } from '~/platform/form/text.server'
import { parseLocal } from '~/shared/time'

const whole = (at: Date) => at.getMilliseconds() === 0

/** An instant with its offset, to the second: deadlines are written `YYYY-MM-DDTHH:MM:SSZ` in signed messages (crypto.md §10.4). */
const instant = z.iso
  .datetime({ offset: true, message: '时间应带时区，如 2026-12-01T09:30:00+08:00' })
  .transform(value => new Date(value))
  .refine(whole, '时间精确到秒')

const local = (label: string) =>
  z.string().transform((value, issues) => {
    const at = parseLocal(value)
    if (at) return at
    issues.addIssue({ code: 'custom', message: `请填写${label}` })
    return z.NEVER
  })

const optionalLocal = (label: string) => z.preprocess(value => (value === '' ? undefined : value), local(label).optional())

/** POST /lots/:id/notice. */
export const noticeBody = z.strictObject({
  title: text('公告标题', 300),
  body: text('公告正文', 50_000),
  biddingEndsAt: instant,
  documentEndsAt: instant.optional(),
  noticeEndsAt: instant.optional(),
})
export type NoticeInput = z.output<typeof noticeBody>

export const noticeForm = z.object({
  title: text('公告标题', 300),
  body: text('公告正文', 50_000),
  biddingEndsAt: local('投标截止时间'),
  documentEndsAt: optionalLocal('招标文件获取截止时间'),
  noticeEndsAt: optionalLocal('公告期限截止时间'),
})

/** POST /lots/:id/corrections. `affectsBids`: it may affect how bids are written, so the law's 15 days hold. */
export const correctionBody = z.strictObject({
  title: text('公告标题', 300),
  body: text('公告正文', 50_000),
  biddingEndsAt: instant.optional(),
  affectsBids: z.boolean().default(true),
})
export type CorrectionInput = z.output<typeof correctionBody>

export const correctionForm = z.object({
  title: text('公告标题', 300),
  body: text('公告正文', 50_000),
  biddingEndsAt: optionalLocal('投标截止时间'),
  affectsBids: z.enum(['yes', 'no'], '请选择是否可能影响投标文件编制').transform(value => value === 'yes'),
})

/** POST /lots/:id/termination. */
export const terminationBody = z.strictObject({ reason: text('终止原因', 2000) })
export const terminationForm = z.object({ reason: text('终止原因', 2000), confirmed: z.literal('yes', '请确认') })
