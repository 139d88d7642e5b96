import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { outbox } from '@/db/schema/platform/outbox'
import { type OpenQueue, openQueue, openWorker } from '@/jobs/queue'
import { relay } from '@/jobs/relay'
import { runJob } from '@/jobs/run'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'

let site: TestPlatform
let queue: OpenQueue
const home = () => ({ databaseUrl: site.url, redisUrl: undefined })
const noise = () => {}

beforeAll(async () => {
  site = await testPlatform()
  queue = openQueue(home(), noise)
})
afterAll(async () => {
  await queue.close()
  await site.close()
})

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

const promiseOne = async (n: number) => {
  const [row] = await site.platform.database.db
    .insert(outbox)
    .values({ job: 'platform.notification.send', payload: { notificationId: uuid(n) }, dueAt: new Date(0) })
    .returning({ id: outbox.id })
  return row!.id
}

/** Runs a worker until `done` says so. */
async function work(seen: unknown[], done: () => boolean, run = async () => {}) {
  const handler = async (_ctx: unknown, payload: { notificationId: string }) => {
    await run()
    seen.push(payload.notificationId)
  }
  const worker = openWorker(
    home(),
    4,
    envelope => runJob(site.platform, envelope, { 'platform.notification.send': handler }),
    noise,
  )
  const until = Date.now() + 15_000
  while (!done() && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 50))
  await worker.close()
}

test('a promised job reaches a worker once, however often it is sent', async () => {
  const id = await promiseOne(1)
  const seen: unknown[] = []
  expect(await relay(site.platform, queue)).toBe(1)
  expect(await relay(site.platform, queue)).toBe(0)
  await site.platform.database.db
    .update(outbox)
    .set({ sentAt: new Date(0) })
    .where(eq(outbox.id, id))
  expect(await relay(site.platform, queue)).toBe(1)
  await work(seen, () => seen.length > 0)
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(seen).toEqual([uuid(1)])
})

test('with the queue wiped, what was sent and not done is sent again', async () => {
  await promiseOne(2)
  await relay(site.platform, queue)
  await site.platform.database.pool.query('delete from bullmq.job')
  expect(await relay(site.platform, queue)).toBe(0)
  await site.pass(31_000)
  expect(await relay(site.platform, queue)).toBe(1)
  const seen: unknown[] = []
  await work(seen, () => seen.length > 0)
  expect(seen).toEqual([uuid(2)])
})

test('a job that fails is tried again', async () => {
  await promiseOne(3)
  await relay(site.platform, queue)
  const seen: unknown[] = []
  let failures = 0
  await work(
    seen,
    () => seen.length > 0,
    async () => {
      if (failures++ === 0) throw new Error('once')
    },
  )
  expect(failures).toBe(2)
})

test('what is due later is not sent before its time', async () => {
  const ctx = await site.ctx()
  await site.platform.database.db.insert(outbox).values({ job: 'x', payload: {}, dueAt: new Date(ctx.now.getTime() + 60_000) })
  expect(await relay(site.platform, queue)).toBe(0)
})
