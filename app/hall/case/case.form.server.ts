import { z } from 'zod'

const line = (what: string, max = 100) => z.string().trim().min(1, `请填写${what}`).max(max, `${what}不超过 ${max} 个字`)

export const applicantForm = z.strictObject({
  name: line('申请人姓名或名称'),
  idNumber: z
    .string()
    .trim()
    .regex(/^[0-9A-Z]{15,18}$/, '证件号码为 15 至 18 位数字或大写字母'),
  phone: z
    .string()
    .trim()
    .regex(/^1\d{10}$|^0\d{2,3}-?\d{7,8}$/, '请填写手机号码或带区号的固定电话'),
})
export type Applicant = z.output<typeof applicantForm>

/** A material as it travels in JSON: the bytes in base64. */
export const materialForm = z.strictObject({
  code: line('材料代码', 20),
  name: line('文件名', 255),
  content: z.base64('文件内容须为 base64').transform(text => new Uint8Array(Buffer.from(text, 'base64'))),
})
export type NewMaterial = z.output<typeof materialForm>

export const caseForm = z.strictObject({
  itemId: z.uuid('事项编号不正确'),
  applicant: applicantForm,
  materials: z.array(materialForm).max(50),
})
export type NewCase = z.output<typeof caseForm>

/** The page's form: applicant's fields beside files named `material-CODE`. */
export const applicationForm = z.object(applicantForm.shape)
export const supplementPageForm = z.object({})

/** Files of a posted page as materials; a field left empty is none. */
export async function materialsOf(body: FormData): Promise<NewMaterial[]> {
  const found: NewMaterial[] = []
  for (const [field, file] of body) {
    if (typeof file === 'string' || !field.startsWith('material-') || file.name === '') continue
    found.push({ code: field.slice('material-'.length), name: file.name, content: new Uint8Array(await file.arrayBuffer()) })
  }
  return found
}

export const supplementForm = z.strictObject({ materials: z.array(materialForm).min(1, '请提交补正的材料').max(50) })

export const acceptanceForm = z
  .strictObject({
    decision: z.enum(['accept', 'correct', 'refuse'], '请选择受理决定'),
    text: z.string().trim().max(2000).default(''),
  })
  .refine(({ decision, text }) => decision === 'accept' || text !== '', {
    path: ['text'],
    message: '补正须一次列明全部内容，不予受理须说明理由和依据（行政许可法第三十二条、第三十八条）',
  })

const reasonMissing = { path: ['text'], message: '不予许可须书面说明理由（行政许可法第三十八条）' }

export const decisionForm = z
  .strictObject({ approve: z.boolean(), text: z.string().trim().max(2000).default('') })
  .refine(({ approve, text }) => approve || text !== '', reasonMissing)

export const withdrawalForm = z.strictObject({ text: z.string().trim().max(500).default('') })

const confirmed = z.literal('yes', '请先勾选确认')

export const withdrawalPageForm = z.object({ ...withdrawalForm.shape, confirmed })

export const decisionPageForm = z
  .object({
    approve: z.enum(['true', 'false'], '请选择审批决定').transform(value => value === 'true'),
    text: z.string().trim().max(2000).default(''),
    confirmed,
  })
  .refine(({ approve, text }) => approve || text !== '', reasonMissing)
