import { z } from 'zod'

export const expertForm = z.strictObject({
  event: z.enum(['admit', 'suspend', 'restore', 'remove', 'leave', 'ban'], '请选择'),
  reason: z.string().trim().min(2, '请写明原因').max(500),
})
