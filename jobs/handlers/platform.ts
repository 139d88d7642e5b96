import type { Handlers } from '../handler'

export const platform = {} satisfies Handlers<'platform.'>
