import { z } from 'zod'

// Line feeds and tabs are text; other control characters and U+FFFD (what a broken encoding leaves behind) are not.
const broken = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/

/** A required text of a form: trimmed, at most `max` characters, without control characters or remains of a broken encoding. */
export const text = (label: string, max: number) =>
  z
    .string()
    .trim()
    .min(1, `请填写${label}`)
    .max(max, `${label}不超过 ${max} 字`)
    .refine(value => !broken.test(value), `${label}含有无法保存的字符，请重新输入`)
