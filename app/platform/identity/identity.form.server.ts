import { z } from 'zod'
import { roles } from '@/db/schema/platform/identity'
import { newPassword } from '../organisation/organisation.form.server'
import { type Permission, permissions } from './permission'

export const signInForm = z.object({
  login: z.string().trim().min(1, '请填写登录名').max(64),
  password: z.string().min(1, '请填写密码').max(128),
  next: z.string().optional(),
})

export const passwordForm = z
  .object({ current: z.string().min(1, '请填写当前密码').max(128), next: newPassword, again: z.string() })
  .refine(form => form.next === form.again, { path: ['again'], message: '两次输入的密码不一致' })

export const membershipForm = z.object({ membershipId: z.uuid(), next: z.string().optional() })

const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]]
const ticked = (value: unknown) => (Array.isArray(value) ? value : value === undefined ? [] : [value])

export const tokenBody = z.strictObject({
  label: z.string().trim().min(1, '请填写令牌用途').max(80),
  scopes: z.array(z.enum(permissionNames)).max(permissionNames.length),
  days: z.coerce.number().int().min(1, '有效期至少 1 天').max(365, '有效期不超过 365 天'),
})

export const tokenForm = z.object({ ...tokenBody.shape, scopes: z.preprocess(ticked, tokenBody.shape.scopes) })
export const tokenIdForm = z.object({ tokenId: z.uuid() })

const role = z.enum(roles).optional()
const label = z.string().trim().min(1).max(80)

export const passwordTokenBody = z.strictObject({
  login: z.string().min(1).max(64),
  password: z.string().min(1).max(128),
  role,
  label,
})

const base64 = (max: number) =>
  z
    .string()
    .min(4)
    .max(max)
    .regex(/^[A-Za-z0-9+/]+=*$/, 'base64')

export const certificateTokenBody = z.strictObject({ challengeId: z.uuid(), cms: base64(65_536), role, label })
export const issueBody = z.strictObject({
  use: z.enum(['sign', 'encrypt']),
  suite: z.enum(['intl', 'gm']),
  algorithm: z.enum(['rsa', 'p256', 'sm2']),
  spki: base64(4_096),
})
export const bindBody = z.strictObject({ certificate: z.string().min(64).max(16_384) })

export const certificateSignInForm = z.object({ challengeId: z.uuid(), cms: base64(65_536), next: z.string().optional() })

/** An act that its address says in full. */
export const noFields = z.object({})

export const listBody = z.strictObject({ crl: z.string().min(64).max(23_000_000) })

export const listMost = 16_777_216
export const listForm = z.object({
  file: z
    .instanceof(File, { message: '请选择文件' })
    .refine(file => file.size > 0, '请选择文件')
    .refine(file => file.size <= listMost, '文件不超过 16 MB'),
})

export const bindForm = z.object({ certificate: z.string().trim().min(64, '请粘贴证书内容').max(16_384) })

/** A task with consequences: the person ticked that the object was checked. */
export const confirmForm = z.object({ confirmed: z.literal('yes', '请先勾选确认') })
