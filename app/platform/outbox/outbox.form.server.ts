import { z } from 'zod'

export const retryForm = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })
