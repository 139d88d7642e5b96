import { z } from 'zod'

/** The page's form: nothing but the confirmation. */
export const archiveForm = z.object({ confirmed: z.literal('yes', '请确认') })
