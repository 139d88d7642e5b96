import { z } from 'zod'
import { contactWays } from '@/db/schema/trading/draw'
import { type DrawInput, drawInput } from './draw.form.server'

/** Seats the page offers; more come through the API. */
export const formSeats = [1, 2, 3, 4] as const

const words = (text: string) =>
  text
    .split(/[\n,，;；、\s]+/)
    .map(part => part.trim())
    .filter(Boolean)
const linesOf = (text: string) =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
const cellsOf = (line: string) => line.split(/[|｜]/).map(part => part.trim())

const localTime = (text: string) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text) ? `${text.length === 16 ? `${text}:00` : text}+08:00` : text
const text = z.string().max(4_000)
const number = (value: string) => (value.trim() === '' ? Number.NaN : Number(value))

const fields = z.object({
  ...Object.fromEntries(
    formSeats.flatMap(at => [`seat${at}`, `disc${at}`, `region${at}`, `n${at}`].map(name => [name, text.default('')])),
  ),
  size: text,
  representatives: text,
  avoid: text,
  alternates: text,
  contactBy: z.enum(contactWays, '请选择'),
  complex: z.literal('yes').optional(),
  isEarly: z.literal('yes').optional(),
  alsoLots: z.union([z.string(), z.array(z.string())]).optional(),
  evaluationAt: text,
  place: text,
  hours: text,
})
type Fields = z.output<typeof fields> & Record<string, string>

/** Seats in use keep the number of their fields, so that a slip is shown where it was typed. */
const usedSeats = (form: Fields) => formSeats.filter(at => form[`seat${at}`]?.trim() || at === 1)

function wanted(form: Fields) {
  const seats = usedSeats(form).map(at => {
    const region = words(form[`region${at}`] ?? '')
    return {
      seat: form[`seat${at}`] ?? '',
      disc: words(form[`disc${at}`] ?? ''),
      region: region.length > 0 ? region : null,
      n: number(form[`n${at}`] ?? ''),
    }
  })
  const representatives = linesOf(form.representatives).map(cellsOf)
  return {
    kind: 'committee',
    size: number(form.size),
    seats,
    representatives: representatives.map(([name = '', idNumber = '', phone = '', title = '', unit = '']) => ({
      name,
      idNumber,
      phone,
      title,
      unit,
    })),
    avoid: linesOf(form.avoid)
      .map(cellsOf)
      .map(([organisationName = '', code = '9', reason = '']) => ({
        organisationName,
        code: code || '9',
        reason: reason || '招标人申请回避',
      })),
    alsoLots: [form.alsoLots ?? []].flat(),
    isComplex: form.complex === 'yes',
    isEarly: form.isEarly === 'yes',
    alternates: number(form.alternates),
    contactBy: form.contactBy,
    evaluationAt: localTime(form.evaluationAt),
    place: form.place,
    hours: number(form.hours),
  }
}

type Slip = { path: PropertyKey[]; message: string }

/** The field of the page that a slip of the API's schema belongs to. */
function fieldOf({ path }: Slip, form: Fields): string {
  const [field, at, part] = path
  if (field === 'seats' && typeof at === 'number' && typeof part === 'string') return `${part}${usedSeats(form)[at] ?? 1}`
  return String(field)
}

const numbers = ['n', 'size', 'alternates', 'hours']
function messageOf({ path, message }: Slip): string {
  const [field, at] = path
  if (numbers.includes(String(path.at(-1))) && message.includes('NaN')) return '请填写整数'
  return (field === 'representatives' || field === 'avoid') && typeof at === 'number' ? `第 ${at + 1} 行：${message}` : message
}

/** The page's form: seats as flat fields, people and units a line each; the same rules as the API. */
export const drawForm = fields.transform((given, context): DrawInput => {
  const form = given as Fields
  const parsed = drawInput.safeParse(wanted(form))
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues)
    context.addIssue({ code: 'custom', path: [fieldOf(issue, form)], message: messageOf(issue) })
  return z.NEVER
})
