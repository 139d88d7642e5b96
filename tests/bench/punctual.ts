import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { TestPlatform } from '@/tests/setup/platform'
import { type Child, startChild } from './child'
import { type Figure, timed } from './figure'
import { makeWorld, setDeadline } from './opening-world'
import { benchPlatform } from './platform'

const processes = 2

async function closedAfter(t: TestPlatform, deadline: Date, lots: number): Promise<number[]> {
  for (;;) {
    const { rows } = await t.platform.database.db.execute<{ ms: string }>(
      sql`select extract(epoch from closed_at - ${deadline.toISOString()}::timestamptz) * 1000 as ms from lot where closed_at is not null`,
    )
    if (rows.length >= lots) return rows.map(row => Number(row.ms)).sort((a, b) => a - b)
    await sleep(100)
  }
}

/** Milliseconds after the deadline when every opening was seen to have its checkpoint. */
async function checkpointAfter(t: TestPlatform, deadline: Date, lots: number): Promise<number> {
  for (;;) {
    const { rows } = await t.platform.database.db.execute<{ n: number; ms: string }>(sql`
      select count(*)::int as n, extract(epoch from clock_timestamp() - ${deadline.toISOString()}::timestamptz) * 1000 as ms
      from opening where deadline_size is not null`)
    if (rows[0]!.n >= lots) return Number(rows[0]!.ms)
    await sleep(10)
  }
}

/** Lots due in one second, closed by the clocks of two processes: how late after the deadline, by the database's clock. */
export async function* benchPunctual({ lots = 1_000 }: { lots?: number }): AsyncIterable<Figure> {
  const t = await benchPlatform()
  const servers: Child[] = []
  try {
    const world = await makeWorld(t, lots, 3, 'intl')
    const { url, platform } = t
    for (let i = 0; i < processes; i++)
      servers.push(await startChild('opening-server.ts', [url, platform.config.dataDir, `${platform.config.dataDir}/${i}.sock`]))
    const deadline = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_000)
    await setDeadline(t, world, deadline)
    await sleep(Math.max(0, deadline.getTime() - Date.now()))
    const checkpoint = await checkpointAfter(t, deadline, lots)
    const late = await closedAfter(t, deadline, lots)
    const at = (part: number) => late[Math.min(late.length - 1, Math.floor(part * late.length))]!
    yield timed('punctual', `${lots} lots due at once: closed after T, p50`, 'ms', at(0.5))
    yield timed('punctual', `${lots} lots due at once: closed after T, p99`, 'ms', at(0.99))
    yield timed('punctual', `${lots} lots due at once: closed after T, last`, 'ms', late.at(-1)!)
    yield timed('punctual', `${lots} lots due at once: closed after T, first (early if below 0)`, 'ms', late[0]!)
    yield timed('punctual', `${lots} lots due at once: deadline checkpoint after T`, 'ms', checkpoint)
  } finally {
    for (const one of servers) await one.stop()
    await t.close()
  }
}
