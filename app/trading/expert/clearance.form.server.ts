import { z } from 'zod'
import { clearanceActs, penaltyKinds } from '@/db/schema/trading/expert-assessment'
import { day } from './application.form.server'
import { isIdNumber } from './id-number'

const reason = z.string().trim().min(4, '请写明事实和理由，至少 4 个字').max(1_000)
const months = z.int('请填写整数').min(1).max(120)

/** What a clearance rests on: a rule whose points are reached, a punishment on record, or facts of another kind with the act they ask for. */
export const clearanceInput = z.strictObject({
  basis: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rule'), ruleId: z.uuid() }),
    z.strictObject({ kind: z.literal('penalty'), penaltyId: z.uuid() }),
    z.strictObject({ kind: z.literal('other'), act: z.enum(clearanceActs, '请选择'), months: months.optional() }),
  ]),
  reason,
})
export type ClearanceInput = z.output<typeof clearanceInput>

const monthsText = z
  .string()
  .trim()
  .regex(/^\d{0,3}$/, '请填写月数')
  .transform(text => (text ? Number(text) : undefined))
  .pipe(months.optional())

/** The page's form: `basis` is `rule <id>`, `penalty <id>` or `act <act>`. */
export const clearanceForm = z
  .strictObject({ basis: z.string().max(60), months: monthsText, reason })
  .transform((form, context) => {
    const [kind, which] = form.basis.split(' ')
    const basis =
      kind === 'rule'
        ? { kind, ruleId: which }
        : kind === 'penalty'
          ? { kind, penaltyId: which }
          : { kind: 'other', act: which, months: form.months }
    const parsed = clearanceInput.safeParse({ basis, reason: form.reason })
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', path: ['basis'], message: '请选择' })
    return z.NEVER
  })

export const statementInput = z.strictObject({ text: z.string().trim().min(4, '请写明意见，至少 4 个字').max(2_000) })

export const clearanceDecisionInput = z.strictObject({
  carryOut: z.boolean(),
  decision: z.string().trim().min(4, '请写明决定的理由').max(1_000),
})
const yes = z.enum(['yes', 'no'], '请选择').transform(value => value === 'yes')
export const clearanceDecisionForm = clearanceDecisionInput.extend({ carryOut: yes })

const penalty = {
  kind: z.enum(penaltyKinds, '请选择'),
  authority: z.string().trim().min(2, '请填写').max(120),
  document: z.string().trim().min(4, '请填写文号').max(120),
  decidedOn: day,
  facts: z.string().trim().min(4, '请写明违法事实').max(1_000),
}
/** A punishment of an expert of the library, by number, or of anybody, by identity number. */
export const penaltyInput = z.union([
  z.strictObject({ code: z.string().regex(/^[A-Z0-9-]{2,40}$/), ...penalty }),
  z.strictObject({
    idNumber: z.string().trim().toUpperCase().refine(isIdNumber, '身份证号校验不通过（GB 11643—1999）'),
    ...penalty,
  }),
])
export type PenaltyInput = z.output<typeof penaltyInput>
export const penaltyForm = z.strictObject(penalty)
export const revocationInput = z.strictObject({ reason: z.string().trim().min(4, '请写明依据').max(500) })
