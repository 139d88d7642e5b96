import type { Handlers } from '../handler'

export const hall = {} satisfies Handlers<'hall.'>
