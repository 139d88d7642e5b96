import type { ImportState } from '@/db/schema/trading/expert-record'

/** A list on its way: it can still be cancelled, or is just being taken over. */
export const unfinishedStates: ImportState[] = ['receiving', 'checking', 'taking']

/** Nothing of the list has come into the library yet. */
export const cancellableStates: ImportState[] = ['receiving', 'checking']

export type Course = { state: ImportState; bytes: number; bytesDone: number; rows: number; staged: number; gone: number }

const mebibyte = 1_048_576

/** How far a list is: while it is checked by its bytes, for nobody knows yet how many rows it has; then by its good rows. */
export function progressOf({ state, bytes, bytesDone, staged, gone }: Course, seconds: number) {
  if (state !== 'taking') {
    const done = bytesDone / mebibyte
    return { done, total: bytes / mebibyte, unit: 'MB', perSecond: seconds > 0 ? done / seconds : null }
  }
  return { done: gone, total: staged, unit: '行', perSecond: null }
}
