import { z } from 'zod'
import { contactWays } from '@/db/schema/trading/draw'
import { isIdNumber } from '../expert/id-number'
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

export const representativeInput = z.strictObject({
  name: z.string().trim().min(1, '请填写姓名').max(40),
  idNumber: z.string().trim().toUpperCase().refine(isIdNumber, '身份证号校验不通过（GB 11643—1999）'),
  phone: z
    .string()
    .trim()
    .regex(/^1\d{10}$/, '手机号为 11 位数字'),
  title: z.string().trim().max(60).default(''),
  unit: z.string().trim().max(120).default(''),
})

export const drawInput = z.strictObject({
  kind: z.literal('committee'),
  size: z.number().int().min(3).max(15),
  seats: z.array(seatInput).min(1).max(8),
  avoid: z.array(avoidInput).max(50),
  /** The tenderer's own members, by name (招标投标法 37): at most a third. */
  representatives: z.array(representativeInput).max(5).default([]),
  /** More lots of the same project for the same committee. */
  alsoLots: z.array(z.uuid()).max(20).default([]),
  isComplex: z.boolean().default(false),
  /** Drawn before the bids are known, where the edition lets that be. */
  isEarly: z.boolean().default(false),
  /** How many are held in reserve per seat. */
  alternates: z.number().int().min(0).max(10).default(2),
  contactBy: z.enum(contactWays).default('sms'),
  evaluationAt: z.iso.datetime({ offset: true }).transform(text => new Date(text)),
  place: name,
  hours: z.number().int().min(1).max(240),
  answerSeconds: z.number().int().min(20).max(86_400).optional(),
  revealSeconds: z.number().int().min(5).max(3_600).optional(),
})
export type DrawInput = z.output<typeof drawInput>

/** Who takes the seat of a representative who refused, left or did not come, and why. */
export const replacementInput = representativeInput.extend({ reason: z.string().trim().min(4, '请写明原因').max(200) })
export type ReplacementInput = z.output<typeof replacementInput>

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
