import { afterAll, beforeAll, expect, test } from 'vitest'
import { outbox } from '@/db/schema/platform/outbox'
import { runJob } from '@/jobs/run'
import { anActor } from '@/tests/factories/actor'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listDeadLetters, readQueueState, retryDeadLetter } from '~/platform/outbox/dead-letter.server'
import { forgetKept } from '~/platform/outbox/forget.server'

let site: TestPlatform
beforeAll(async () => {
  site = await testPlatform()
})
afterAll(() => site.close())

const payload = { notificationId: '00000000-0000-4000-8000-000000000001' }

test('a promise that was given up is listed by name and kind, and begun again by an act in the log', async () => {
  const [row] = await site.platform.database.db
    .insert(outbox)
    .values({ job: 'platform.notification.send', payload, dueAt: new Date(0), attempts: 7 })
    .returning()
  const envelope = { name: row!.job, outboxId: row!.id }
  let isBroken = true
  const handlers = {
    'platform.notification.send': async () => {
      if (isBroken) throw Object.assign(new Error('某公司的通知'), { code: 'ECONNREFUSED' })
    },
  }
  await expect(runJob(site.platform, envelope, handlers)).rejects.toThrow()
  const operator = await site.ctx(await anActor(site, 'operator'))
  expect(await readQueueState(operator)).toMatchObject({ waiting: 0, dead: 1 })
  expect(await listDeadLetters(operator)).toMatchObject([
    { id: row!.id, job: 'platform.notification.send', attempts: 8, problem: 'Error ECONNREFUSED' },
  ])
  isBroken = false
  await runJob(site.platform, envelope, handlers)
  expect(await readQueueState(operator)).toMatchObject({ dead: 1 })
  await retryDeadLetter(operator, { id: row!.id })
  await expect(retryDeadLetter(operator, { id: row!.id })).rejects.toMatchObject({ code: 'not-found' })
  await runJob(site.platform, envelope, handlers)
  expect(await readQueueState(operator)).toMatchObject({ waiting: 0, dead: 0 })
  await site.platform.sequencer.flush()
  const { rows } = await site.platform.database.pool.query(
    `select count(*)::int as n from log_payload where action = 'queue.retry'`,
  )
  expect(rows).toEqual([{ n: 1 }])
})

test('what was kept a month ago is forgotten, what was given up is not', async () => {
  const { db } = site.platform.database
  await db.delete(outbox)
  const old = new Date(Date.now() - 40 * 86_400_000)
  await db.insert(outbox).values([
    { job: 'platform.notification.send', payload, dueAt: old, doneAt: old },
    { job: 'platform.notification.send', payload, dueAt: old, doneAt: new Date() },
    { job: 'platform.notification.send', payload, dueAt: old, failedAt: old },
  ])
  expect(await forgetKept(await site.ctx())).toBe(1)
  expect(await db.select().from(outbox)).toHaveLength(2)
})

test('nobody but the operator may begin one again', async () => {
  const agency = await site.ctx(await anActor(site, 'agency'))
  await expect(retryDeadLetter(agency, { id: 1 })).rejects.toMatchObject({ code: 'not-allowed' })
})
