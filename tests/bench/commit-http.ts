import { testApi } from '@/tests/setup/api'
import type { TestPlatform } from '@/tests/setup/platform'
import { bidEndpoints } from '~/api/bid.server'
import { crowd, p99, type Ready } from './commit-crowd'
import { type Figure, timed } from './figure'

/** The same commits through HTTP, token and idempotency key included; the callers share the process with the server. */
export async function* overHttp(t: TestPlatform, list: Ready[]): AsyncIterable<Figure> {
  const api = await testApi(t, bidEndpoints)
  try {
    // Tokens are issued before the clock runs.
    for (const actor of new Set(list.map(one => one.bidder.actor))) await api.call('GET', '/none', { actor })
    const { ms, latencies } = await crowd(list, async ({ bidder, commit: { lotId, ...body } }) => {
      const answer = await api.call('POST', `/lots/${lotId}/bids`, { actor: bidder.actor, body })
      if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    })
    yield timed('commit', `through HTTP, ${list.length} commits, callers in the same process`, 'ms', ms)
    yield { bench: 'commit', case: 'through HTTP', unit: 'per second', ours: Math.round(list.length / (ms / 1000)) }
    yield timed('commit', 'through HTTP, p99', 'ms', p99(latencies))
  } finally {
    await api.close()
  }
}
