import { expect, test } from 'vitest'
import { chaosDraw } from '@/tests/chaos/draw'

// The short version of `npm run chaos -- draw`: real processes, real SIGKILL.
test('two draws with killed processes seat one panel each, call nobody twice and lose no answer', async () => {
  const cases = []
  for await (const one of chaosDraw(2)) cases.push(one)
  expect(cases.map(({ ok, problems }) => ({ ok, problems }))).toEqual(Array(2).fill({ ok: true, problems: [] }))
  expect(cases.flatMap(({ kills }) => kills)).toHaveLength(4)
}, 300_000)
