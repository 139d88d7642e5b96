import { z } from 'zod'
import { clearanceActs, expertRuleKinds } from '@/db/schema/trading/expert-assessment'
import { day } from './application.form.server'

const months = z.int().min(1).max(120).nullable()

/** One configured rule of the library with its source (各省自定). */
export const ruleInput = z
  .strictObject({
    kind: z.enum(expertRuleKinds, '请选择'),
    code: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, '代码为小写字母、数字和连字符'),
    name: z.string().trim().min(2, '请填写').max(60),
    value: z.int('请填写整数').min(0).max(1_000),
    windowMonths: months,
    act: z.enum(clearanceActs).nullable(),
    actMonths: months,
    source: z.string().trim().min(4, '请写明依据文件').max(200),
    effectiveOn: day,
    isOff: z.boolean(),
  })
  .refine(rule => rule.kind !== 'clearance' || (rule.windowMonths !== null && rule.act !== null), {
    path: ['act'],
    message: '清退规则须写明累计期间和处理方式',
  })
export type RuleInput = z.output<typeof ruleInput>

const count = (text: string) => (text.trim() === '' ? null : Number(text))

/** The page's form: figures typed as text; the same rules. */
export const ruleForm = z
  .object({
    kind: z.string(),
    code: z.string(),
    name: z.string(),
    value: z.string(),
    windowMonths: z.string(),
    act: z.string(),
    actMonths: z.string(),
    source: z.string(),
    effectiveOn: z.string(),
    isOff: z.literal('yes').optional(),
  })
  .transform((form, context): RuleInput => {
    const { value, windowMonths, act, actMonths, isOff, ...rest } = form
    const figures = { value: count(value) ?? Number.NaN, windowMonths: count(windowMonths), actMonths: count(actMonths) }
    const parsed = ruleInput.safeParse({ ...rest, ...figures, act: act || null, isOff: isOff === 'yes' })
    if (parsed.success) return parsed.data
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: 'custom', path: [String(path[0])], message: message.includes('NaN') ? '请填写整数' : message })
    return z.NEVER
  })
