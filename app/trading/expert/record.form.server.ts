import { z } from 'zod'
import { day, employmentInput, tieInput } from './application.form.server'
import { keeperEvents } from './expert'

export type TieInput = z.output<typeof tieInput>
export const employerInput = z.strictObject({
  organisationName: employmentInput.shape.organisationName,
  creditCode: employmentInput.shape.creditCode,
  fromOn: day,
})
export type EmploymentInput = z.output<typeof employerInput>

const instant = z.iso.datetime({ offset: true }).transform(text => new Date(text))
export const leaveInput = z.strictObject({ fromAt: instant, untilAt: instant, note: z.string().trim().max(200) })
export type LeaveInput = z.output<typeof leaveInput>

export const weekdaysInput = z.strictObject({
  days: z
    .array(z.int().min(0).max(6))
    .min(1, '至少选择一天')
    .max(7)
    .refine(list => new Set(list).size === list.length, '重复的日期'),
})

const bank = z.strictObject({
  name: z.string().trim().min(1).max(60),
  account: z.string().regex(/^\d{12,30}$/, '银行账号为 12 至 30 位数字'),
})
export const contactInput = z.strictObject({
  phone: z
    .string()
    .trim()
    .regex(/^1\d{10}$/, '手机号为 11 位数字'),
  email: z.email('邮箱格式不正确').optional(),
  bank: bank.optional(),
})
export type ContactInput = z.output<typeof contactInput>

/** One assessment of one expert in one project. */
export const markInput = z.strictObject({
  rule: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, '请选择'),
  note: z.string().trim().min(4, '请写明事实，至少 4 个字').max(500),
})
export type MarkInput = z.output<typeof markInput>

export const trainingInput = z.strictObject({
  name: z.string().trim().min(2, '请填写').max(120),
  onDay: day,
  hours: z.int('请填写整数').min(1).max(200),
  passed: z.boolean(),
})
export type TrainingInput = z.output<typeof trainingInput>

export const lookInput = z.strictObject({ purpose: z.string().trim().min(4, '请写明用途，至少 4 个字').max(200) })
export const keeperInput = z.strictObject({
  event: z.enum(keeperEvents, '请选择'),
  reason: z.string().trim().min(2, '请写明原因').max(500),
  months: z.int('请填写整数').min(1).max(120).optional(),
  ruleId: z.uuid().optional(),
})
export const appealInput = z.strictObject({ text: z.string().trim().min(10, '请写明理由，至少 10 个字').max(2_000) })
export const appealDecisionInput = z.strictObject({
  uphold: z.boolean(),
  decision: z.string().trim().min(4, '请写明处理意见').max(1_000),
})

const monthsText = z
  .string()
  .trim()
  .regex(/^\d{0,3}$/, '请填写月数')
  .transform(text => (text ? Number(text) : undefined))
  .pipe(z.int().min(1, '至少 1 个月').max(120, '不超过 120 个月').optional())

/** The pages' forms: the same rules, typed as text. */
export const keeperForm = z.strictObject({ event: keeperInput.shape.event, reason: keeperInput.shape.reason, months: monthsText })
const yes = z.enum(['yes', 'no'], '请选择').transform(value => value === 'yes')
export const appealDecisionForm = z.strictObject({ uphold: yes, decision: appealDecisionInput.shape.decision })
export const trainingForm = z.strictObject({
  name: trainingInput.shape.name,
  onDay: day,
  hours: z.coerce.number('请填写整数').pipe(trainingInput.shape.hours),
  passed: yes,
})
export const recommendationForm = z.strictObject({ agree: yes, text: z.string().trim().min(1, '请填写').max(500) })
export const applicationDecisionForm = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('letter'), letter: z.string().trim().min(4, '请填写推荐函文号').max(120) }),
  z.strictObject({ step: z.literal('decision'), admit: yes, reason: z.string().trim().min(2, '请写明理由').max(500) }),
])

const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, '请填写日期和时间')
  .transform(text => new Date(`${text.length === 16 ? `${text}:00` : text}+08:00`))
const dayBox = z
  .string()
  .regex(/^[0-6]$/)
  .transform(Number)

/** The expert's calendar: a leave, one taken back, or the days of the week. */
export const leaveForm = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('leave'), fromAt: localTime, untilAt: localTime, note: leaveInput.shape.note }),
  z.strictObject({ step: z.literal('cancel'), id: z.uuid() }),
  z.strictObject({
    step: z.literal('days'),
    days: z.union([z.array(dayBox), dayBox.transform(day => [day])], '至少选择一天'),
  }),
])

const creditCode = employerInput.shape.creditCode
export const tiesForm = z
  .discriminatedUnion('step', [
    tieInput.extend({ step: z.literal('tie') }),
    z.strictObject({
      step: z.literal('employer'),
      employerName: employerInput.shape.organisationName,
      employerCode: creditCode,
      fromOn: day,
    }),
  ])
  .transform(form => {
    if (form.step === 'tie') {
      const { step, ...tie } = form
      return { step, tie }
    }
    const { step, employerName, employerCode, fromOn } = form
    return { step, employer: { organisationName: employerName, creditCode: employerCode, fromOn } }
  })

export const contactForm = z
  .object({ phone: z.string(), email: z.string(), bankName: z.string(), bankAccount: z.string() })
  .transform((form, context): ContactInput => {
    const { phone, email, bankName, bankAccount } = form
    const hasBank = bankName.trim() !== '' || bankAccount.trim() !== ''
    const given = {
      phone,
      email: email.trim() || undefined,
      bank: hasBank ? { name: bankName, account: bankAccount.trim() } : undefined,
    }
    const parsed = contactInput.safeParse(given)
    if (parsed.success) return parsed.data
    for (const { path, message } of parsed.error.issues)
      context.addIssue({
        code: 'custom',
        path: [path[0] === 'bank' ? (path[1] === 'name' ? 'bankName' : 'bankAccount') : String(path[0])],
        message,
      })
    return z.NEVER
  })

export const markForm = markInput.extend({ code: z.string().regex(/^[A-Z0-9-]{2,40}$/, '请选择') })
