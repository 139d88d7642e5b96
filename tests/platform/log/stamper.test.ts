import { afterAll, beforeAll, expect, test } from 'vitest'
import { logCheckpoint } from '@/db/schema/platform/log'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { append } from '~/platform/log/append.server'
import { checkpointSigner } from '~/platform/log/checkpoint.server'
import { makeSequencer } from '~/platform/log/sequencer.server'

let t: TestPlatform
let mode: 'well' | 'dead' | 'hanging' = 'well'
const release: (() => void)[] = []

beforeAll(async () => {
  t = await testPlatform()
})
afterAll(async () => {
  for (const let_ of release) let_()
  await t.close()
})

/** A log whose TSA answers, refuses or never answers. */
function sequencer() {
  return makeSequencer({
    pool: t.platform.database.pool,
    signCheckpoint: checkpointSigner(t.platform.config, t.platform.vault),
    timestamp: async () => {
      if (mode === 'dead') throw new Error('connection refused')
      if (mode === 'hanging') await new Promise<void>(resolve => release.push(resolve))
      return mode === 'well' ? new Uint8Array([1, 2, 3]) : null
    },
    onError: () => {},
  })
}

async function flushed(log: ReturnType<typeof sequencer>): Promise<number> {
  await append(await t.ctx(), 'test', { facts: {} })
  const start = performance.now()
  await log.flush()
  return performance.now() - start
}

const missing = async () => (await t.platform.database.db.select().from(logCheckpoint)).filter(row => !row.tsaToken).length

test('a checkpoint has its token when the TSA answers', async () => {
  const log = sequencer()
  await flushed(log)
  expect(await missing()).toBe(0)
  await log.close()
})

test('a dead TSA costs tokens and no time; they come later', async () => {
  mode = 'dead'
  const log = sequencer()
  for (let i = 0; i < 5; i++) expect(await flushed(log)).toBeLessThan(1_000)
  expect(await missing()).toBe(5)
  expect(await log.catchUpStamps()).toBe(0)
  mode = 'well'
  expect(await log.catchUpStamps()).toBe(5)
  expect(await missing()).toBe(0)
  await log.close()
})

test('a TSA that never answers is waited for once and briefly', async () => {
  mode = 'hanging'
  const log = sequencer()
  const first = await flushed(log)
  expect(first).toBeGreaterThan(350)
  const more = [await flushed(log), await flushed(log), await flushed(log)]
  expect(Math.max(...more)).toBeLessThan(350)
  mode = 'well'
  for (const go of release.splice(0)) go()
  await log.close()
  await log.catchUpStamps()
  expect(await missing()).toBe(0)
})
