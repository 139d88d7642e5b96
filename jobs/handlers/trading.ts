import type { Handlers } from '../handler'

export const trading = {} satisfies Handlers<'trading.'>
