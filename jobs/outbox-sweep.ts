import { forgetKept } from '~/platform/outbox/forget.server'
import { watch } from './watch'

/** Once an hour what was promised and kept a month ago is forgotten. */
export const forgetTick = watch('outbox.forget', 3_600_000, forgetKept)
