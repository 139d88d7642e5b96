import { setImmediate as nextTurn } from 'node:timers/promises'

const turnMs = 8

/** For long work in a process that also answers people: awaited between its pieces, it lets others have their turn every few milliseconds. */
export function pace(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < turnMs) return undefined
    return nextTurn().then(() => {
      since = performance.now()
    })
  }
}
