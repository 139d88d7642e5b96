import { z } from 'zod'
import { causes, mostExtraSeconds } from '../rules/opening-acts'
import { cms } from './opening.form.server'

/** POST /lots/:id/record/signatures. `cms` is detached, over the room's digest. */
export const signatureBody = z.strictObject({ room: z.uuid(), cms })

const reason = z.string().trim().min(1, '请写明理由').max(500, '不超过 500 字')
const kinds = ['adjourn', 'resume', 'abort', 'extend', 'restart', 'destroy'] as const

/** POST /lots/:id/opening/acts. `seconds` for extend and restart, `resumesAt` for adjourn, `nos` (of the hall's list) for restart. */
export const actBody = z.strictObject({
  kind: z.enum(kinds, '请选择事项'),
  cause: z.enum(causes, '请选择事由'),
  reason,
  seconds: z.number().int().min(1).max(mostExtraSeconds).optional(),
  resumesAt: z.iso.datetime().optional(),
  nos: z.array(z.number().int().min(1)).min(1).max(2_000).optional(),
})

/** POST /lots/:id/opening/acts/decision. */
export const decisionBody = z.strictObject({
  kind: z.enum(kinds, '请选择事项'),
  approved: z.boolean(),
  decision: z.string().trim().max(500, '不超过 500 字').default(''),
})
