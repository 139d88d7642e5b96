import { z } from 'zod'
import { type Role, roles } from '@/db/schema/platform/identity'

const line = (message: string, max = 120) => z.string().trim().min(1, message).max(max, `不超过 ${max} 个字`)
const phone = z
  .string()
  .trim()
  .regex(/^[0-9+\-() ]{3,20}$/, '请填写联系电话，只含数字与 + - ( )')
const login = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9._@-]{3,64}$/, '登录名为 3 至 64 位字母、数字或 . _ @ -')
/** Long enough to resist guessing behind lockout; any characters (NIST SP 800-63B §5.1.1). */
export const newPassword = z.string().min(8, '密码至少 8 位').max(128, '密码不超过 128 位')

const organisationShape = {
  creditCode: z.string().trim().toUpperCase().length(18, '统一社会信用代码为 18 位'),
  name: line('请填写单位名称'),
  regionCode: z.string().regex(/^\d{6}$/, '请选择所在行政区划'),
  address: line('请填写地址', 200),
  contact: line('请填写联系人', 40),
  phone,
}

/** What POST /organisations takes. */
export const organisationBody = z.strictObject({
  ...organisationShape,
  roles: z.array(z.enum(roles)).min(1, '请至少选择一种角色').max(roles.length),
  admin: z.strictObject({ login, name: line('请填写管理员姓名', 40), phone, password: newPassword }),
})
export type NewOrganisation = z.output<typeof organisationBody>

/** One value or several of the same name: how a form sends tick boxes. */
const ticked = z.preprocess(value => (Array.isArray(value) ? value : value === undefined ? [] : [value]), z.array(z.enum(roles)))

/** The registration page: the same, flat, the password typed twice. */
export const registerForm = z
  .object({
    ...organisationShape,
    roles: ticked.pipe(z.array(z.enum(roles)).min(1, '请至少选择一种角色')),
    login,
    adminName: line('请填写管理员姓名', 40),
    adminPhone: phone,
    password: newPassword,
    passwordAgain: z.string(),
  })
  .refine(form => form.password === form.passwordAgain, { path: ['passwordAgain'], message: '两次输入的密码不一致' })
  .transform(
    ({ login, adminName, adminPhone, password, passwordAgain: _, ...organisation }): NewOrganisation => ({
      ...organisation,
      admin: { login, name: adminName, phone: adminPhone, password },
    }),
  )

/** A new member of one's own organisation. */
export const memberForm = z.object({
  login,
  name: line('请填写姓名', 40),
  phone,
  password: newPassword,
  role: z.enum(roles, '请选择角色'),
  isAdmin: z.preprocess(value => value === 'yes' || value === true, z.boolean()),
})
export type NewMember = z.output<typeof memberForm>

/** Another role for a member there is. */
export const memberRoleForm = z.object({ personId: z.uuid(), role: z.enum(roles, '请选择角色') })
export const endMembershipForm = z.object({ membershipId: z.uuid() })
export type { Role }
