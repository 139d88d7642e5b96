import { z } from 'zod'
import { day } from '../application.form.server'

const name = z
  .string()
  .trim()
  .min(5, '请填写文件名')
  .max(200)
  .regex(/^[^/\\\u0000-\u001F]+$/, '文件名含有不允许的字符')

/** What is said of a list beside the list itself. An edition of the classification needs an id and where it is from. */
export const importQuery = z
  .strictObject({
    kind: z.enum(['experts', 'specialties'], '请选择'),
    mode: z.enum(['all', 'good-rows'], '请选择'),
    name,
    source: z.string().trim().min(2, '请填写来源').max(120),
    edition: z
      .string()
      .trim()
      .regex(/^[0-9a-z][0-9a-z.-]{1,38}$/i, '版本号为字母、数字、点和连字符')
      .optional(),
    effectiveOn: day.optional(),
  })
  .refine(({ kind, edition }) => kind === 'experts' || edition, { path: ['edition'], message: '导入专业分类须填写版本号' })
export type ImportQuery = z.output<typeof importQuery>

/** The page's form; the file stands beside it. */
export const importForm = z
  .object({
    kind: z.string(),
    mode: z.string(),
    source: z.string(),
    edition: z.string(),
    file: z.instanceof(File, { message: '请选择文件' }).refine(file => file.size > 0, '请选择文件'),
  })
  .transform((form, context): ImportQuery & { file: File } => {
    const { file, edition, ...rest } = form
    const parsed = importQuery.safeParse({ ...rest, name: file.name, edition: edition.trim() || undefined })
    if (parsed.success) return { ...parsed.data, file }
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: 'custom', path: [path[0] === 'name' ? 'file' : String(path[0])], message })
    return z.NEVER
  })

/** Taking a list back says nothing but which. */
export const cancelForm = z.object({})
