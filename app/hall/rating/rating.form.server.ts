import { z } from 'zod'

export const ratingForm = z.strictObject({
  stars: z.coerce.number('请选择满意度').int('请选择满意度').min(1, '请选择满意度').max(5, '请选择满意度'),
  text: z.string().trim().max(500, '不超过 500 个字').default(''),
})
