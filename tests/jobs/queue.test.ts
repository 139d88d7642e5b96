// The queue's promises, the same on both stores: PostgreSQL and Redis.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { outbox } from '@/db/schema/platform/outbox'
import { listen, startPump } from '@/jobs/pump'
import { type OpenQueue, openQueue, openWorker, type QueueHome } from '@/jobs/queue'
import { relay, windowSize } from '@/jobs/relay'
import { runJob } from '@/jobs/run'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { type TestRedis, testRedis } from '@/tests/setup/redis'
import { promise } from '~/platform/outbox/promise.server'

const noise = () => {}
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const numberOf = (text: string) => Number(text.slice(-12))
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function until(done: () => boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms
  while (!done() && Date.now() < end) await sleep(20)
  expect(done()).toBe(true)
}

describe.each(['postgres', 'redis'] as const)('on %s', store => {
  let site: TestPlatform
  let redis: TestRedis | undefined
  let home: QueueHome
  let queue: OpenQueue
  const open: (() => Promise<void>)[] = []

  beforeAll(async () => {
    site = await testPlatform()
    redis = store === 'redis' ? await testRedis() : undefined
    home = { databaseUrl: site.url, redisUrl: redis?.url }
    queue = openQueue(home, noise)
    await queue.queue.waitUntilReady()
  })
  beforeEach(async () => {
    await site.platform.database.pool.query('delete from outbox')
    await queue.queue.obliterate({ force: true })
  })
  afterEach(() => Promise.all(open.splice(0).map(close => close())))
  afterAll(async () => {
    await queue.close()
    await redis?.close()
    await site.close()
  })

  type Handler = (n: number) => Promise<unknown> | unknown
  /** Runs one job with `handler` in the place of both kinds of job used here. */
  const runner = (handler: Handler) => {
    const handle = async (_ctx: unknown, payload: { notificationId?: string; lotId?: string; noticeId?: string }) =>
      handler(numberOf(payload.notificationId ?? payload.lotId ?? payload.noticeId ?? ''))
    const handlers = { 'platform.notification.send': handle, 'trading.notice.paper': handle }
    return (envelope: { name: string; outboxId: number }) => runJob(site.platform, envelope, handlers)
  }

  const promiseAll = async (numbers: number[], job = 'platform.notification.send', priority = 4) => {
    const key = job === 'trading.notice.paper' ? 'noticeId' : 'notificationId'
    const rows = numbers.map(n => ({ job, priority, payload: { [key]: uuid(n) }, dueAt: new Date(0) }))
    await site.platform.database.db.insert(outbox).values(rows)
  }

  /** A worker process's queue side: pump and worker. */
  const startWorker = (handler: Handler, concurrency = 4) => {
    const run = runner(handler)
    const pump = startPump(site.platform, queue, run)
    const worker = openWorker(home, concurrency, envelope => run(envelope).finally(pump.ended), noise)
    let closing: Promise<unknown> | undefined
    const close = async () => {
      closing ??= Promise.all([pump.close(), worker.close()])
      await closing
    }
    open.push(close)
    return { pump, close }
  }

  const rowOf = async (sql: string) => (await site.platform.database.pool.query(sql)).rows[0]

  test('a promised job reaches a worker once, however often it is sent', async () => {
    await promiseAll([1])
    expect((await relay(site.platform, queue)).sent).toBe(1)
    expect((await relay(site.platform, queue)).sent).toBe(0)
    await site.pass(16_000)
    expect((await relay(site.platform, queue)).sent).toBe(1)
    const seen: number[] = []
    const worker = startWorker(n => seen.push(n))
    await until(() => seen.length > 0)
    await sleep(300)
    await worker.close()
    expect(seen).toEqual([1])
  })

  test('with the store wiped, what was sent and not done is sent again', async () => {
    await promiseAll([2, 3])
    await relay(site.platform, queue)
    await queue.queue.obliterate({ force: true })
    expect((await relay(site.platform, queue)).sent).toBe(0)
    await site.pass(16_000)
    const seen: number[] = []
    const worker = startWorker(n => seen.push(n))
    await until(() => seen.length === 2)
    await worker.close()
    expect(seen.sort()).toEqual([2, 3])
  })

  test('the store holds the name and the number of a promise, and of a failure only its kind', async () => {
    await promiseAll([4])
    const worker = startWorker(() => {
      throw Object.assign(new Error('福州某建设公司 already exists'), { code: '23505' })
    })
    let failed: { data: unknown; failedReason: string; stacktrace: string[] }[] = []
    const end = Date.now() + 10_000
    while (failed.length === 0 && Date.now() < end) {
      await sleep(50)
      failed = (await queue.queue.getFailed()) as never
    }
    await worker.close()
    expect(Object.keys(failed[0]!.data as object)).toEqual(['outboxId'])
    expect(failed[0]!.failedReason).toBe('Error 23505')
    expect(JSON.stringify(failed[0])).not.toContain('公司')
    expect(await rowOf('select problem from outbox')).toEqual({ problem: 'Error 23505' })
  })

  test('a failed job is put off, longer each time, and given up after its last attempt', async () => {
    await promiseAll([5])
    const { id } = await rowOf('select id::int from outbox')
    const run = runner(() => {
      throw new Error('always')
    })
    const waits: number[] = []
    for (let attempt = 1; attempt <= 8; attempt++) {
      await expect(run({ name: 'x', outboxId: id })).rejects.toThrow('always')
      const row = await rowOf('select extract(epoch from due_at - trade_clock())::float as wait, failed_at from outbox')
      if (!row.failed_at) waits.push(row.wait)
    }
    expect(waits.map(wait => Math.round(wait * 2) / 2)).toEqual([0.5, 1, 2, 4, 8, 16, 32])
    expect(await rowOf('select attempts, problem, failed_at is not null as dead from outbox')).toEqual({
      attempts: 8,
      problem: 'Error',
      dead: true,
    })
    await site.pass(120_000)
    expect((await relay(site.platform, queue)).sent).toBe(0)
  })

  test('a name or payload that nobody knows is given up at once', async () => {
    await promiseAll([6], 'no.such.job')
    await runner(() => {})(await rowOf('select id::int as "outboxId", job as name from outbox'))
    expect(await rowOf('select problem, failed_at is not null as dead from outbox')).toEqual({
      problem: 'no such job or payload',
      dead: true,
    })
  })

  test('what is due later is not sent before its time', async () => {
    const ctx = await site.ctx()
    await site.platform.database.db.insert(outbox).values({ job: 'x', payload: {}, dueAt: new Date(ctx.now.getTime() + 60_000) })
    expect((await relay(site.platform, queue)).sent).toBe(0)
  })

  test('two workers at once do each job once, and a drain ends what is under way', async () => {
    const numbers = Array.from({ length: 300 }, (_, i) => i)
    await promiseAll(numbers)
    const begun: number[] = []
    const ended: number[] = []
    const act = async (n: number) => {
      begun.push(n)
      await sleep(5)
      ended.push(n)
    }
    const [one, two] = [startWorker(act), startWorker(act)]
    await until(() => ended.length > 60)
    await one.close()
    const gone = ended.length
    expect(gone).toBeGreaterThan(60)
    await until(() => ended.length >= 300)
    await two.close()
    expect([...ended].sort((a, b) => a - b)).toEqual(numbers)
    expect(begun.length).toBe(300)
  })

  test('one promise is never in two hands, and a dead worker’s is taken over', async () => {
    await promiseAll([7])
    const envelope = await rowOf('select id::int as "outboxId", job as name from outbox')
    let running = 0
    let most = 0
    const run = runner(async () => {
      most = Math.max(most, ++running)
      await sleep(100)
      running--
    })
    await Promise.all([run(envelope), run(envelope), run(envelope)])
    expect(most).toBe(1)
    await site.platform.database.pool.query(
      `update outbox set done_at = null, lease_until = trade_clock() + interval '12 s', sent_at = trade_clock()`,
    )
    const seen: number[] = []
    const worker = startWorker(n => seen.push(n))
    await sleep(300)
    expect(seen).toEqual([])
    await site.pass(16_000)
    await until(() => seen.length === 1)
    await worker.close()
  })

  test('a lot with 500 bids does not starve ten with 3: a slice each, then to the back', async () => {
    const left = new Map([[0, 500], ...Array.from({ length: 10 }, (_, i) => [i + 1, 3] as [number, number])])
    const slice = 8
    let unpacked = 0
    let whenSmallWereDone = 0
    const act = async (lot: number) => {
      const bids = left.get(lot)!
      await sleep(Math.min(slice, bids))
      unpacked += Math.min(slice, bids)
      left.set(lot, Math.max(0, bids - slice))
      if (bids > slice) await promiseAll([lot], 'trading.notice.paper', 8)
      worker.pump.nudge()
      const areSmallDone = [...left].every(([n, o]) => n === 0 || o === 0)
      if (areSmallDone && !whenSmallWereDone) whenSmallWereDone = unpacked
    }
    await promiseAll([0], 'trading.notice.paper', 8)
    const worker = startWorker(act, 1)
    await until(() => unpacked > 0)
    await promiseAll([...left.keys()].slice(1), 'trading.notice.paper', 8)
    worker.pump.nudge()
    await until(() => (left.get(0) ?? 0) === 0, 40_000)
    await worker.close()
    // Ten lots of three, and beside them not more than a sixth of the large one.
    expect(whenSmallWereDone).toBeGreaterThan(0)
    expect(whenSmallWereDone).toBeLessThan(30 + 90)
  }, 60_000)

  test('a long list leaves room: the queue holds a window, and what matters more goes past it', async () => {
    const many = Array.from({ length: windowSize * 3 }, (_, i) => i)
    await promiseAll(many, 'trading.notice.paper', 7)
    expect((await relay(site.platform, queue)).sent).toBe(windowSize)
    expect((await relay(site.platform, queue)).sent).toBe(0)
    await promiseAll([9_999], 'platform.notification.send', 1)
    expect((await relay(site.platform, queue)).sent).toBe(1)
    const seen: number[] = []
    const worker = startWorker(n => seen.push(n), 1)
    await until(() => seen.length === many.length + 1, 40_000)
    await worker.close()
    expect(seen.indexOf(9_999)).toBeLessThan(3)
    expect(new Set(seen).size).toBe(many.length + 1)
  }, 60_000)

  test('what is promised is begun without waiting for the next look', async () => {
    const seen: number[] = []
    const worker = startWorker(n => seen.push(n))
    await sleep(300) // the pump has looked and now waits its second
    const ears = await listen(site.url, { outbox: worker.pump.nudge })
    await sleep(300)
    const start = performance.now()
    await promise(await site.ctx(), 'platform.notification.send', { notificationId: uuid(10) })
    await until(() => seen.length === 1)
    expect(performance.now() - start).toBeLessThan(700)
    await ears.close()
    await worker.close()
  })

  test('while the queue’s store is away the worker does what is promised by itself', async () => {
    const away = { add: () => Promise.reject(new Error('connection refused')) }
    const seen: number[] = []
    const pump = startPump(
      site.platform,
      away,
      runner(n => seen.push(n)),
    )
    await promiseAll([11, 12, 13])
    pump.nudge()
    await until(() => seen.length === 3)
    await pump.close()
    expect((await rowOf('select count(*)::int as n from outbox where done_at is not null')).n).toBe(3)
  })

  if (store === 'redis')
    test('with Redis gone jobs go on, and when it is back it is used again', async () => {
      const seen: number[] = []
      const worker = startWorker(n => seen.push(n))
      await redis!.kill()
      await promiseAll([20, 21])
      await until(() => seen.length === 2)
      await redis!.start()
      await sleep(2_500)
      await promiseAll([22])
      await until(() => seen.length === 3)
      await worker.close()
      expect([...seen].sort()).toEqual([20, 21, 22])
      expect((await queue.queue.getCompletedCount()) > 0).toBe(true)
    }, 60_000)
})
