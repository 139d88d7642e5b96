import { z } from 'zod'

/** The page's form for a tender document; the file's type and start are checked as it is taken in. */
export const documentForm = z.object({
  title: z.string().trim().min(1, '请填写标题').max(300),
  kind: z.enum(['document', 'clarification']),
  file: z.instanceof(File, { message: '请选择文件' }),
})
