import { type Bidder, bidFiles, sealFor, statementOf, uploadAll } from '@/tests/factories/bid'
import { signText } from '@/tests/factories/certificate'
import type { SealingLot } from '@/tests/factories/custody'
import type { TestPlatform } from '@/tests/setup/platform'
import type { Commit } from '~/trading/bid/commit.server'
import { milliseconds } from './figure'

/** Callers at once, as a crowd at a deadline. */
export const callers = 128

export interface Ready {
  bidder: Bidder
  commit: Commit
}

/** A bid on a lot that only needs to be committed. */
export async function sealed(t: TestPlatform, lot: SealingLot, bidder: Bidder): Promise<Ready> {
  const files = await sealFor(lot, bidder, bidFiles(lot.lotId).slice(0, 1))
  const uploads = await uploadAll(t, bidder.actor, files)
  const statement = statementOf(t, lot, bidder, { files: files.files })
  return { bidder, commit: { lotId: lot.lotId, statement, cms: await signText(statement, bidder.signer), uploads } }
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
