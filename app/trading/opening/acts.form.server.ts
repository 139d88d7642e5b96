import { z } from 'zod'
import { cms } from './opening.form.server'

/** POST /lots/:id/record/signatures. `cms` is detached, over the room's digest. */
export const signatureBody = z.strictObject({ room: z.uuid(), cms })
