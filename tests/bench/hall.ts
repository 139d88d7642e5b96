import { once } from 'node:events'
import { join } from 'node:path'
import { type Running, root, startProcess } from '@/bin/processes'
import { type ATender, afterDeadline, aRelease, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { lockOpening, say } from '~/trading/opening/event.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { type Figure, timed } from './figure'
import { benchPlatform } from './platform'

const watchers = 2_000
const otherLots = 6
const bidsPerLot = 6
/** Events said in the watched hall: ten a second, first on a quiet machine, then while the other lots are opened. */
const quietEvents = 60
const pauseMs = 100

interface Arrivals {
  last: number[]
  count: number[]
  broken: string[]
}
type Usage = { rss: number; cpu: { user: number; system: number } }

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function ask<A>({ child }: Running, question: unknown): Promise<A> {
  const answer = once(child, 'message')
  child.send(question as never)
  return (await answer)[0] as A
}

async function prepare(t: TestPlatform, lots: number): Promise<ATender[]> {
  const tenders: ATender[] = []
  for (let i = 0; i < lots; i++) {
    const tender = await aTender(t, { lot: { releaseMode: 'both', releaseSeconds: 3_600 } })
    for (let n = 0; n < (i === 0 ? 3 : bidsPerLot); n++) await aSealedBid(t, tender)
    tenders.push(tender)
  }
  return tenders
}

/** Says one thing in the watched hall, in a transaction of its own. */
async function sayOne(t: TestPlatform, lotId: string, n: number): Promise<void> {
  const ctx = await t.ctx()
  await ctx.db.transaction(async tx => {
    const inner = { ...ctx, db: tx as never }
    const row = await lockOpening(inner, lotId)
    await say(inner, row!, ['present', { no: null, organisation: `第 ${n} 个见证单位`, role: '监督' }])
  })
}

/** The other lots' openings: custodians release, prices are read out. */
async function openOthers(t: TestPlatform, posted: { actor: PersonActor; lotId: string; message: string; cms: Uint8Array }[]) {
  for (const { actor, ...release } of posted) await releaseKeys(await t.ctx(actor), release)
  await t.tick()
}

/** Commit times of a hall's events, by seq, ms since the epoch (the system's clock). */
async function commitsOf(t: TestPlatform, lotId: string): Promise<Map<number, number>> {
  const { rows } = await t.platform.database.pool.query<{ seq: number; at: number }>(
    `select seq, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as at from opening_event where lot_id = $1`,
    [lotId],
  )
  return new Map(rows.map(row => [row.seq, row.at]))
}

const percentile = (values: number[], p: number) => values.sort((a, b) => a - b)[Math.ceil(values.length * p) - 1]!

/** From the commit of each event to the moment the last of all watchers had it. */
async function waits(t: TestPlatform, lotId: string, from: number, { last, count, broken }: Arrivals): Promise<number[]> {
  if (broken.length > 0) throw new Error(`a watcher saw a gap, a repeat or an end: ${broken.join(', ')}`)
  const all: number[] = []
  for (const [seq, at] of await commitsOf(t, lotId)) {
    if (count[seq] !== watchers) throw new Error(`event ${seq} reached ${count[seq] ?? 0} of ${watchers}`)
    if (seq > from) all.push(last[seq]! - at)
  }
  return all
}

const lastSeq = async (t: TestPlatform, lotId: string) => Math.max(0, ...(await commitsOf(t, lotId)).keys())

async function* measure(t: TestPlatform, web: Running, crowd: Running): AsyncIterable<Figure> {
  const witness = await aWitness(t)
  const tenders = await prepare(t, otherLots + 1)
  const lotId = tenders[0]!.lotId
  const start = performance.now()
  const { ready: port } = web.said as { ready: number }
  await ask(crowd, { port, path: `/api/v1/lots/${lotId}/opening/events`, watchers })
  yield timed('hall', `${watchers} streams opened`, 'ms', performance.now() - start)
  await afterDeadline(t, tenders.at(-1)!)
  await t.tick()
  await witness.cosign()
  await t.tick()
  await sleep(1_000)
  const quietFrom = await lastSeq(t, lotId)
  for (let n = 0; n < quietEvents; n++) await Promise.all([sayOne(t, lotId, n), sleep(pauseMs)])
  await sleep(1_000)
  const quiet = await waits(t, lotId, quietFrom, await ask<Arrivals>(crowd, 'report'))
  yield timed('hall', 'event to last watcher, quiet, p50', 'ms', percentile(quiet, 0.5))
  yield timed('hall', 'event to last watcher, quiet, p99', 'ms', percentile(quiet, 0.99))
  yield* whileOpening(t, web, crowd, tenders)
}

async function* whileOpening(t: TestPlatform, web: Running, crowd: Running, tenders: ATender[]): AsyncIterable<Figure> {
  const lotId = tenders[0]!.lotId
  const posted: Parameters<typeof openOthers>[1] = []
  for (const tender of tenders)
    for (const holder of tender.custodians) posted.push({ actor: holder.actor, ...(await aRelease(t, tender, holder)) })
  const busyFrom = await lastSeq(t, lotId)
  const before = await ask<Usage>(web, 'usage')
  let isOpening = true
  const start = performance.now()
  const opening = openOthers(t, posted).finally(() => {
    isOpening = false
  })
  let n = 0
  for (; isOpening || n < 30; n++) await Promise.all([sayOne(t, lotId, n), sleep(pauseMs)])
  await opening
  await sleep(1_000)
  const seconds = (performance.now() - start) / 1_000
  const busy = await waits(t, lotId, busyFrom, await ask<Arrivals>(crowd, 'report'))
  const after = await ask<Usage>(web, 'usage')
  const cpu = (after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1_000
  yield timed('hall', 'event to last watcher, openings running, p50', 'ms', percentile(busy, 0.5))
  yield timed('hall', 'event to last watcher, openings running, p99', 'ms', percentile(busy, 0.99))
  yield timed('hall', 'events delivered a second', '1/s', (busy.length * watchers) / seconds)
  yield timed('hall', `web CPU per event to ${watchers} watchers`, 'ms', cpu / busy.length)
  yield timed('hall', `web RSS with ${watchers} streams`, 'MiB', after.rss / 2 ** 20)
}

/** 2,000 watchers of one lot over HTTP: from an event's commit to the last watcher, quiet and while other lots are opened. */
export async function* benchHall(): AsyncIterable<Figure> {
  const t = await benchPlatform(['track_commit_timestamp=on'])
  const { dataDir } = t.platform.config
  const env = { ...process.env, NODE_ENV: 'production', DATABASE_URL: t.url, DATA_DIR: dataDir, LOG_LEVEL: 'error' }
  const started: Running[] = []
  try {
    for (const file of ['hall-web.ts', 'hall-watchers.ts'])
      started.push(await startProcess(['--import', 'tsx', join(root, 'tests/bench', file)], env))
    yield* measure(t, started[0]!, started[1]!)
  } finally {
    for (const { child } of started) child.disconnect()
    await t.close()
  }
}
