import { z } from 'zod'
import { avoidCodes } from './draw'

const name = z.string().trim().min(1, '请填写').max(120, '不超过 120 个字')
const code = z.string().regex(/^[A-C](\d{2}){0,3}$/, '专业代码如 A08、A0801')
const region = z.string().regex(/^\d{6}$/, '地区代码为 6 位数字')

export const seatInput = z.strictObject({
  seat: name,
  disc: z.array(code).min(1, '至少一个专业').max(20),
  region: z.array(region).min(1).max(20).nullable(),
  n: z.number().int().min(1).max(15),
})

export const avoidInput = z.strictObject({
  organisationName: name,
  creditCode: z.string().length(18).optional(),
  code: z.enum(avoidCodes).default('9'),
  reason: name,
})

export const drawInput = z.strictObject({
  kind: z.literal('committee'),
  size: z.number().int().min(3).max(15),
  seats: z.array(seatInput).min(1).max(8),
  avoid: z.array(avoidInput).max(50),
  evaluationAt: z.iso.datetime({ offset: true }).transform(text => new Date(text)),
  place: name,
  hours: z.number().int().min(1).max(240),
  answerSeconds: z.number().int().min(20).max(86_400).optional(),
  revealSeconds: z.number().int().min(5).max(3_600).optional(),
})
export type DrawInput = z.output<typeof drawInput>

const lines = (text: string) =>
  text
    .split(/[\n,，;；\s]+/)
    .map(part => part.trim())
    .filter(Boolean)

const seatLine = z.strictObject({
  seat: name,
  disc: z.string().transform(lines).pipe(z.array(code).min(1, '至少一个专业')),
  region: z
    .string()
    .transform(lines)
    .pipe(z.array(region))
    .transform(list => (list.length > 0 ? list : null)),
  n: z.coerce.number().int().min(1, '至少 1 人').max(15),
})

const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, '请填写日期和时间')
  .transform(text => new Date(`${text.length === 16 ? `${text}:00` : text}+08:00`))

/** The page's form: two seats as flat fields, units to avoid one per line as 名称|原因. */
export const drawForm = z
  .strictObject({
    seat1: name,
    disc1: z.string(),
    region1: z.string(),
    n1: z.string(),
    seat2: z.string().trim().max(120),
    disc2: z.string(),
    region2: z.string(),
    n2: z.string(),
    avoid: z.string().max(4_000),
    evaluationAt: localTime,
    place: name,
    hours: z.coerce.number().int().min(1, '至少 1 小时').max(240),
  })
  .transform((form, context): DrawInput => {
    const second = form.seat2 ? [{ seat: form.seat2, disc: form.disc2, region: form.region2, n: form.n2 }] : []
    const raw = [{ seat: form.seat1, disc: form.disc1, region: form.region1, n: form.n1 }, ...second]
    const seats = raw.flatMap((line, at) => {
      const parsed = seatLine.safeParse(line)
      if (parsed.success) return [parsed.data]
      for (const issue of parsed.error.issues)
        context.addIssue({ code: 'custom', path: [`${String(issue.path[0])}${at + 1}`], message: issue.message })
      return []
    })
    const avoid = form.avoid
      .split('\n')
      .map(line => line.split(/[|｜]/).map(part => part.trim()))
      .flatMap(([organisationName = '', reason = '']) =>
        organisationName ? [{ organisationName, code: '9' as const, reason: reason || '其他' }] : [],
      )
    const { evaluationAt, place, hours } = form
    return { kind: 'committee', size: seats.reduce((all, seat) => all + seat.n, 0), seats, avoid, evaluationAt, place, hours }
  })

const signed = z.looseObject({})
/** A party's message: its exact fields are judged by crypto/draw-message.ts. */
export const messageInput = z.strictObject({ msg: signed, sig: z.string().max(200) })

export const agentInput = z.strictObject({
  party: z.enum(['agency', 'supervisor', 'third']),
  name,
  signKey: z.base64().max(200),
  wrapKey: z.base64().max(200),
})
export type AgentInput = z.output<typeof agentInput>

export const answerInput = z.strictObject({
  answer: z.enum(['accept', 'decline'], '请选择'),
  reason: z.string().trim().max(200).optional(),
})
export type AnswerInput = z.output<typeof answerInput>

/** `pledge`: the commitment letter is given (EX-13). */
export const arrivalInput = z.strictObject({
  idNumberLast4: z
    .string()
    .regex(/^\d{3}[\dX]$/, '身份证号后四位')
    .optional(),
  pledge: z.literal(true, '须先签署承诺书'),
})
export type ArrivalInput = z.output<typeof arrivalInput>
export const declarationInput = z.strictObject({ conflict: z.boolean(), text: z.string().trim().max(500).optional() })
export type DeclarationInput = z.output<typeof declarationInput>
export const voidInput = z.strictObject({ reason: z.string().trim().min(5, '请写明原因，至少 5 个字').max(500) })

const confirmed = z.literal('yes', '请先勾选确认')
export const confirmedForm = z.strictObject({ confirmed })
export const voidForm = voidInput.extend({ confirmed })
export const answerForm = z.strictObject({ answer: answerInput.shape.answer, reason: z.string().trim().max(200) })
export const arrivalForm = z.strictObject({
  idNumberLast4: z.string().regex(/^\d{3}[\dX]$/, '请填写身份证号后四位'),
  pledge: z.literal('yes', '请先阅读并签署承诺书'),
})
export const declarationForm = z.strictObject({ conflict: z.enum(['yes', 'no'], '请选择'), text: z.string().trim().max(500) })
