import { watchSpace } from '~/trading/bid/upload-space.server'
import { watch } from './watch'

/** Looks every ten seconds whether uploads still have room. */
export const spaceTick = watch('upload.space', 10_000, watchSpace)
