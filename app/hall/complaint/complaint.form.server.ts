import { z } from 'zod'

export const complaintForm = z.strictObject({
  kind: z.enum(['delay', 'conduct', 'extra-materials', 'several-trips'], '请选择投诉类别'),
  text: z.string().trim().min(1, '请写明投诉内容').max(2000, '不超过 2000 个字'),
})

export const complaintAnswerForm = z.strictObject({
  text: z.string().trim().min(1, '请填写核实情况和答复').max(2000, '不超过 2000 个字'),
})
export const complaintExtensionForm = z.strictObject({
  reason: z.string().trim().min(1, '请填写延期理由').max(500, '不超过 500 个字'),
})
