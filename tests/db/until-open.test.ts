import type pg from 'pg'
import { expect, test } from 'vitest'
import { untilOpen } from '@/db/migrate'

/** A pool whose queries fail with these codes, one after the other, and then go well. */
function poolOf(codes: string[]) {
  const asked = { times: 0 }
  const query = async () => {
    asked.times++
    const code = codes.shift()
    if (code) throw Object.assign(new Error(code), { code })
    return { rows: [] }
  }
  return { pool: { query } as unknown as pg.Pool, asked }
}

test('a process waits for a database that is starting or full of killed processes', async () => {
  const { pool, asked } = poolOf(['57P03', '53300'])
  await untilOpen(pool)
  expect(asked.times).toBe(3)
})

test('what waiting does not cure is said at once', async () => {
  const { pool, asked } = poolOf(['28P01'])
  await expect(untilOpen(pool)).rejects.toThrow('28P01')
  expect(asked.times).toBe(1)
})
