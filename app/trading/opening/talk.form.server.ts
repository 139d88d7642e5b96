import { z } from 'zod'
import { callSeconds, mostLetters } from './talk'

const text = z.string().trim().min(1, '请写明内容').max(mostLetters, `不超过 ${mostLetters} 字`)
const reason = z.string().trim().min(1, '请写明理由').max(200, '不超过 200 字')
const seconds = z.coerce
  .number('请填写秒数')
  .int('请填写整数秒')
  .min(callSeconds.least, `不少于 ${callSeconds.least} 秒`)
  .max(callSeconds.most, `不超过 ${callSeconds.most} 秒`)
const no = z.coerce.number('请选择投标人').int().min(1)

/** POST /lots/:id/opening/messages. */
export const messageBody = z.strictObject({ text })
/** POST /lots/:id/opening/mutes. */
export const muteBody = z.strictObject({ no, isMuted: z.boolean(), reason })
/** POST /lots/:id/opening/roll-calls. */
export const callBody = z.strictObject({ seconds })

/** The same as the hall's page posts them; other forms of that page have a `text` and a `reason` of their own. */
export const talkForms = [
  z.object({ intent: z.literal('say'), message: text }),
  z.object({ intent: z.literal('mute'), no, isMuted: z.enum(['yes', 'no']), muteReason: reason }),
  z.object({ intent: z.literal('call'), seconds }),
  z.object({ intent: z.literal('here') }),
] as const
