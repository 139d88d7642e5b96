import { z } from 'zod'
import { avoidKinds } from '@/db/schema/trading/expert'
import { isCreditCode } from '~/shared/credit-code'
import { parseDay } from '~/shared/time'
import { isIdNumber } from './id-number'

const text = (most: number) => z.string().trim().min(1, '请填写').max(most, `不超过 ${most} 个字`)
const optional = (most: number) => z.string().trim().max(most, `不超过 ${most} 个字`)
export const day = z
  .string()
  .trim()
  .refine(text => parseDay(text) !== null, '没有这一天，日期格式为 2026-01-31')
const creditCode = z.string().trim().toUpperCase().refine(isCreditCode, '统一社会信用代码校验不通过（GB 32100—2015）')
const maybeCode = z
  .string()
  .trim()
  .nullable()
  .transform(value => value || null)
  .pipe(creditCode.nullable())
export const discCode = z.string().regex(/^[A-C](\d{2}){1,3}$/, '专业代码如 A0801')

/** One place of work; `untilOn` null: still there. */
export const employmentInput = z
  .strictObject({ organisationName: text(120), creditCode: maybeCode, fromOn: day, untilOn: day.nullable() })
  .refine(({ fromOn, untilOn }) => untilOn === null || fromOn <= untilOn, { path: ['untilOn'], message: '止于日期早于起始日期' })

/** A unit to keep away from, and why. */
export const tieInput = z.strictObject({
  organisationName: text(120),
  creditCode: maybeCode,
  kind: z.enum(avoidKinds, '请选择'),
  reason: text(200),
})

const bank = z.strictObject({ name: text(60), account: z.string().regex(/^\d{12,30}$/, '银行账号为 12 至 30 位数字') })

export const applicationInput = z
  .strictObject({
    name: text(40),
    idNumber: z.string().trim().toUpperCase().refine(isIdNumber, '身份证号校验不通过（GB 11643—1999）'),
    phone: z
      .string()
      .trim()
      .regex(/^1\d{10}$/, '手机号为 11 位数字'),
    email: z.email('邮箱格式不正确').optional(),
    bank: bank.optional(),
    title: text(40),
    regionCode: z.string().regex(/^\d{6}$/, '地区代码为 6 位数字'),
    employerName: text(120),
    employerCode: creditCode,
    disc: z
      .array(discCode)
      .min(1, '请至少选择一个专业')
      .max(3, '最多三个专业')
      .refine(list => new Set(list).size === list.length, '专业重复'),
    mainDisc: discCode,
    yearsInField: z.int('请填写整数').min(0).max(70),
    degree: optional(60),
    certificates: optional(500),
    experience: text(2_000),
    employments: z.array(employmentInput).max(20),
    avoid: z.array(tieInput).max(30),
  })
  .refine(({ disc, mainDisc }) => disc.includes(mainDisc), { path: ['mainDisc'], message: '主评专业应是所选专业之一' })
  .refine(({ avoid }) => new Set(avoid.map(one => one.organisationName)).size === avoid.length, {
    path: ['avoid'],
    message: '同一回避单位填写了两次',
  })
export type ApplicationInput = z.output<typeof applicationInput>

export const recommendationInput = z.strictObject({ agree: z.boolean(), text: text(500) })
export type RecommendationInput = z.output<typeof recommendationInput>
export const decisionInput = z.strictObject({ admit: z.boolean(), reason: z.string().trim().min(2, '请写明理由').max(500) })
export type DecisionInput = z.output<typeof decisionInput>
export const letterInput = z.strictObject({ letter: z.string().trim().min(4, '请填写推荐函文号').max(120) })

const parts = (line: string) => line.split(/[|｜]/).map(part => part.trim())
const linesOf = (value: string) =>
  value
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)

/** `单位|统一社会信用代码|起|止`, a line each. */
const employmentLine = (line: string) => {
  const [organisationName = '', code = '', fromOn = '', untilOn = ''] = parts(line)
  return { organisationName, creditCode: code || null, fromOn, untilOn: untilOn || null }
}

/** `单位|关系代码|说明`, a line each. */
export const tieLine = (line: string) => {
  const [organisationName = '', kind = '', reason = ''] = parts(line)
  return { organisationName, creditCode: null, kind: kind || 'other', reason: reason || kind || '本人申报' }
}

/** The page's form: lists as lines of text; the same rules as the API. */
export const applicationForm = z
  .object({
    name: z.string(),
    idNumber: z.string(),
    phone: z.string(),
    email: z.string(),
    bankName: z.string(),
    bankAccount: z.string(),
    title: z.string(),
    regionCode: z.string(),
    employerName: z.string(),
    employerCode: z.string(),
    mainDisc: z.string(),
    disc2: z.string(),
    disc3: z.string(),
    yearsInField: z.string(),
    degree: z.string(),
    certificates: z.string(),
    experience: z.string(),
    employments: z.string().max(4_000),
    avoid: z.string().max(4_000),
  })
  .transform((form, context): ApplicationInput => {
    const { email, bankName, bankAccount, disc2, disc3, employments, avoid, yearsInField, ...rest } = form
    const parsed = applicationInput.safeParse({
      ...rest,
      email: email.trim() || undefined,
      bank: bankName.trim() || bankAccount.trim() ? { name: bankName, account: bankAccount.trim() } : undefined,
      disc: [rest.mainDisc, disc2, disc3].filter(Boolean),
      yearsInField: yearsInField.trim() === '' ? Number.NaN : Number(yearsInField),
      employments: linesOf(employments).map(employmentLine),
      avoid: linesOf(avoid).map(tieLine),
    })
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues)
      context.addIssue({ code: 'custom', path: [fieldOf(issue.path)], message: lineMessage(issue) })
    return z.NEVER
  })

const fieldNames: Record<string, string> = {
  'bank.name': 'bankName',
  'bank.account': 'bankAccount',
  disc: 'mainDisc',
  'disc.1': 'disc2',
  'disc.2': 'disc3',
}
const fieldOf = (path: PropertyKey[]): string => fieldNames[path.slice(0, 2).join('.')] ?? String(path[0])

/** A slip in a line of a list says which line. */
function lineMessage(issue: { path: PropertyKey[]; message: string }): string {
  const [field, at] = issue.path
  return (field === 'employments' || field === 'avoid') && typeof at === 'number'
    ? `第 ${at + 1} 行：${issue.message}`
    : issue.message
}

const own = z.uuid()
const appealText = z.string().trim().min(10, '请写明理由，至少 10 个字').max(2_000)

/** What the applicant's page can send: the whole application, or one of the acts on it. */
export const applicationSteps = z
  .looseObject({ step: z.enum(['apply', 'withdraw', 'enter', 'appeal']) })
  .transform((form, context) => {
    const keep = <T>(parsed: z.ZodSafeParseResult<T>): T => {
      if (parsed.success) return parsed.data
      for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message })
      return z.NEVER
    }
    const { step, ...rest } = form
    if (step === 'apply') return { step, application: keep(applicationForm.safeParse(rest)) }
    if (step === 'withdraw') return { step, ...keep(z.object({ id: own }).safeParse(rest)) }
    if (step === 'appeal') return { step, ...keep(z.object({ id: own, text: appealText }).safeParse(rest)) }
    return { step }
  })
