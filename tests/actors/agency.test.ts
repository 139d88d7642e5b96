import { afterEach, expect, test, vi } from 'vitest'
import { playAgency } from '@/bin/actors/agency'
import type { Memory } from '@/bin/actors/due'
import type { Party } from '@/bin/client/party'

afterEach(() => {
  vi.useRealTimers()
})

/** The agency of a platform on which so many live tenders have been, the newest lot in this state. */
function agencyWith(count: number, newest: string): Party {
  const projects = Array.from({ length: count }, (_, i) => ({
    id: String(i + 1),
    name: `直播演练第 ${i + 1} 期：智慧路灯改造工程`,
  }))
  const lotsOf = (id: string) => [{ id: `lot ${id}`, name: '', state: id === String(count) ? newest : 'archived' }]
  const get = async (path: string) => (path === '/projects' ? { projects } : { lots: lotsOf(path.split('/').at(-1)!) })
  return { api: { get } } as unknown as Party
}

const aMemory = (): Memory => ({ url: '', folder: '', seen: new Map() })
const dueFor = async (party: Party, memory: Memory) => (await playAgency(party, memory)).map(({ what }) => what)

test('a live tender follows the last one at once, and none while one is under way', async () => {
  expect(await dueFor(agencyWith(3, 'archived'), aMemory())).toEqual(['第 4 期开始'])
  expect(await dueFor(agencyWith(3, 'evaluating'), aMemory())).toEqual([])
})

test('after twenty the next begins an hour after the last has ended', async () => {
  vi.useFakeTimers()
  const memory = aMemory()
  expect(await dueFor(agencyWith(20, 'archived'), memory)).toEqual([])
  vi.advanceTimersByTime(3_599_000)
  expect(await dueFor(agencyWith(20, 'archived'), memory)).toEqual([])
  vi.advanceTimersByTime(2_000)
  expect(await dueFor(agencyWith(20, 'archived'), memory)).toEqual(['第 21 期开始'])
  expect(await dueFor(agencyWith(21, 'evaluating'), memory)).toEqual([])
  expect(await dueFor(agencyWith(21, 'archived'), memory)).toEqual([])
})
