import { nextDiscard, removeDiscarded } from '~/trading/bid/discard-upload.server'
import type { Tick } from './ticks'

/** Removes the bytes of uploads that no bid needs. */
export const uploadTick: Tick = {
  name: 'upload.sweep',
  next: nextDiscard,
  run: removeDiscarded,
}
