import type { Bidder } from '@/tests/factories/bid'
import type { Commit } from '~/trading/bid/commit.server'
import { milliseconds } from './figure'

/** Callers at once, as a crowd at a deadline. */
export const callers = 128

export interface Ready {
  bidder: Bidder
  commit: Commit
}

/** Sends them from so many callers at once; gives each one's latency in ms and the time of all. */
export async function crowd<T>(list: T[], send: (one: T) => Promise<unknown>): Promise<{ ms: number; latencies: number[] }> {
  const latencies: number[] = []
  let at = 0
  const caller = async () => {
    for (let one = list[at++]; one !== undefined; one = list[at++]) latencies.push(await milliseconds(() => send(one)))
  }
  const ms = await milliseconds(() => Promise.all(Array.from({ length: callers }, caller)))
  return { ms, latencies }
}

export const p99 = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)]!
