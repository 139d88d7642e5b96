import { randomBytes, randomUUID } from 'node:crypto'
import { utf8 } from '@/crypto/bytes'
import { checkDetached } from '@/crypto/cms-verify'
import { logPending } from '@/db/schema/platform/log'
import { bidAct } from '@/db/schema/trading/bid'
import { aBidder, type Bidder } from '@/tests/factories/bid'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import type { TestPlatform } from '@/tests/setup/platform'
import { commitBid } from '~/trading/bid/commit.server'
import { burst } from './commit-burst'
import { callers, crowd, p99, type Ready, sealed } from './commit-crowd'
import { overHttp } from './commit-http'
import { type Figure, milliseconds, timed } from './figure'
import { benchPlatform } from './platform'

const small = 600
const large = 10 * small
const bidders = 50
/** The rate the service must bear on two cores. */
const wantedPerSecond = 1_000

/** Commits that only need to be sent: sealed, uploaded, signed. */
export async function prepare(t: TestPlatform, people: Bidder[], count: number, seconds = 36_000): Promise<Ready[]> {
  const ready: Ready[] = []
  for (let lot: SealingLot | null = null; ready.length < count; ) {
    lot = await aSealingLot(t, { seconds, lot: { releaseMode: 'custody' } })
    for (const bidder of people.slice(0, count - ready.length)) ready.push(await sealed(t, lot, bidder))
  }
  return ready
}

/** The same signature checks, and rows of the same size inserted in batches, with nothing else: no chain, revocation, file or turn is looked at. */
async function bare(t: TestPlatform, list: Ready[]): Promise<number> {
  const batch = 48
  return milliseconds(async () => {
    for (let at = 0; at < list.length; at += batch) {
      const part = list.slice(at, at + batch)
      for (const { commit } of part)
        if (!checkDetached(new Uint8Array(Buffer.from(commit.cms, 'base64')), utf8(commit.statement)).ok)
          throw new Error('signature')
      await t.platform.database.db.transaction(async tx => {
        await tx.insert(bidAct).values(part.map(() => ({ id: randomUUID(), ownerTag: randomBytes(32), box: randomBytes(8_220) })))
        await tx.insert(logPending).values(
          part.map(() => ({
            entryId: randomUUID(),
            leaf: randomBytes(32),
            box: randomBytes(4_124),
            lotId: null,
            action: null,
          })),
        )
      })
    }
    await t.platform.database.pool.query('delete from log_pending')
  })
}

export async function throughput(t: TestPlatform, list: Ready[]): Promise<{ ms: number; latencies: number[] }> {
  const ctxOf = new Map<string, Awaited<ReturnType<typeof t.ctx>>>()
  for (const { bidder } of list)
    if (!ctxOf.has(bidder.actor.organisationId)) ctxOf.set(bidder.actor.organisationId, await t.ctx(bidder.actor))
  return crowd(list, async ({ bidder, commit }) => {
    const receipt = await commitBid(ctxOf.get(bidder.actor.organisationId)!, commit)
    if (!receipt.proof) throw new Error('no receipt')
  })
}

/** Commits by the service with everything it does, beside their signature checks and bare inserts; real fsync. */
export async function* benchCommit(): AsyncIterable<Figure> {
  const t = await benchPlatform([], true)
  try {
    const people: Bidder[] = []
    for (let i = 0; i < bidders; i++) people.push(await aBidder(t, { suite: 'intl' }))
    const [warm, few, many, warmHttp, http] = [
      await prepare(t, people, 100),
      await prepare(t, people, small),
      await prepare(t, people, large),
      await prepare(t, people, 200),
      await prepare(t, people, small),
    ]
    await throughput(t, warm)
    const first = await throughput(t, few)
    const second = await throughput(t, many)
    const floor = await bare(t, many)
    yield timed('commit', `service, ${large} commits by ${callers} callers`, 'ms', second.ms, { floor })
    yield {
      bench: 'commit',
      case: 'service, accepted with receipts',
      unit: `per second (wanted ${wantedPerSecond})`,
      ours: Math.round(large / (second.ms / 1000)),
    }
    yield timed('commit', 'service, p99 (wanted 500)', 'ms', p99(second.latencies))
    yield timed('commit', 'growth: 10 times the commits', 'times the time (wanted 11)', second.ms / first.ms)
    yield* overHttp(t, warmHttp, http)
    for (const [name, count] of Object.entries(await burst(t, people)))
      yield { bench: 'commit', case: `across the deadline: ${name}`, unit: 'commits', ours: count }
  } finally {
    await t.close()
  }
}
