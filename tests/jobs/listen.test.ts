import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listen } from '@/jobs/pump'
import { aLine, type Line } from '@/tests/setup/line'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'

let site: TestPlatform
let line: Line

beforeAll(async () => {
  site = await testPlatform()
  line = await aLine(site.url)
})
afterAll(async () => {
  await line.close()
  await site.close()
})

test('while the database is away it is asked again twice a second, and then listened to once', async () => {
  const heard = vi.fn()
  const listener = await listen(line.url, { due: heard })
  expect(heard).toHaveBeenCalledTimes(1)
  const before = line.attempts()
  line.cut()
  await sleep(3_200)
  expect(line.attempts() - before).toBeGreaterThanOrEqual(2)
  expect(line.attempts() - before).toBeLessThanOrEqual(7)
  line.mend()
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), { timeout: 10_000 })
  await sleep(700)
  expect(line.open()).toBe(1)
  await site.platform.database.pool.query(`select pg_notify('due', '')`)
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3), { timeout: 5_000 })
  await sleep(200)
  expect(heard).toHaveBeenCalledTimes(3)
  await listener.close()
})
