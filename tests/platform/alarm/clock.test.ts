import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listAlarms } from '~/platform/alarm/alarm.server'
import { watchClock } from '~/platform/audit/clock-watch.server'

let t: TestPlatform

beforeAll(async () => {
  t = await testPlatform()
})
afterAll(() => t.close())

/** The database's clock as a machine would set it: nobody tells the platform. */
const setBack = (interval: string) =>
  t.platform.database.pool.query('update test_clock set shift = shift - $1::interval', [interval])
const isSound = async () => (await t.platform.database.pool.query<{ ok: boolean }>('select clock_is_sound() as ok')).rows[0]!.ok

test('a clock that goes on is sound', async () => {
  await watchClock(await t.ctx())
  expect(await isSound()).toBe(true)
  expect(await listAlarms(await t.ctx())).toEqual([])
})

test('a clock that was set back stops deciding and is alarmed once, until it is right again', async () => {
  await setBack('1 hour')
  expect(await isSound()).toBe(false)
  await watchClock(await t.ctx())
  await watchClock(await t.ctx())
  const [open, ...more] = await listAlarms(await t.ctx())
  expect(open).toMatchObject({ kind: 'clock-behind', clearedAt: null })
  expect(more).toEqual([])
  await setBack('-1 hour')
  await watchClock(await t.ctx())
  expect(await isSound()).toBe(true)
  expect((await listAlarms(await t.ctx()))[0]!.clearedAt).not.toBeNull()
})

test('a slewing of a second is no alarm', async () => {
  await watchClock(await t.ctx())
  await setBack('1 second')
  expect(await isSound()).toBe(true)
})
