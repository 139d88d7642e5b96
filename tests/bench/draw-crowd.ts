// Many draws whose last share comes in at the same moment, in as many processes as there are cores.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { machineCpu } from './cpu'
import type { Done, Work } from './draw-seater'
import type { Ready } from './draw-world'

export const cores = availableParallelism()
const atOnce = 6

export interface Crowd {
  makespanMs: number
  cpuMs: number
  /** CPU time the whole machine spent meanwhile: with other work on it, a makespan says little. */
  machineMs: number
  longestLockMs: number
  rssMb: number
  failed: string[]
  /** Pairs of bookings of one expert that overlap: must be none. */
  overlaps: number
  seated: number
  engaged: number
}

async function startSeater(work: Work): Promise<ChildProcess> {
  const child = fork('bin/run.mjs', ['tests/bench/draw-seater.ts'], { cwd: join(import.meta.dirname, '../..') })
  child.send(work)
  await once(child, 'message')
  return child
}

/** Watches how long anybody waits for a lock while `run` runs. */
async function watchLocks<T>({ platform }: TestPlatform, run: () => Promise<T>): Promise<{ result: T; longestMs: number }> {
  let longestMs = 0
  const look = async () => {
    const { rows } = await platform.database.pool.query<{ ms: number | null }>(
      'select max(extract(epoch from clock_timestamp() - waitstart) * 1000)::float as ms from pg_locks where not granted',
    )
    longestMs = Math.max(longestMs, rows[0]?.ms ?? 0)
  }
  const timer = setInterval(() => void look().catch(() => {}), 50)
  try {
    return { result: await run(), longestMs }
  } finally {
    clearInterval(timer)
  }
}

async function outcome({ platform }: TestPlatform, ids: string[]) {
  const one = async (query: ReturnType<typeof sql>) => {
    const { rows } = await platform.database.db.execute<{ n: number }>(query)
    return rows[0]!.n
  }
  const list = sql`string_to_array(${ids.join(',')}, ',')::uuid[]`
  return {
    overlaps: await one(sql`select count(*)::int as n from draw_booking a join draw_booking b
      on a.expert_id = b.expert_id and a.contact_id < b.contact_id and a.during && b.during`),
    seated: await one(sql`select count(*)::int as n from draw where id = any(${list}) and attempt is not null`),
    engaged: await one(sql`select count(*)::int as n from draw_event where draw_id = any(${list}) and outcome = 'engaged'`),
  }
}

/** Hands the draws out and lets go all at once. */
export async function runCrowd(t: TestPlatform, actor: PersonActor, draws: Ready[]): Promise<Crowd> {
  const { url } = t
  const { dataDir } = t.platform.config
  const parts = Array.from({ length: cores }, (_, at) => draws.filter((_draw, index) => index % cores === at))
  const seaters = await Promise.all(parts.map(part => startSeater({ url, dataDir, actor, draws: part, atOnce })))
  const start = performance.now()
  const before = machineCpu()
  const { result: done, longestMs } = await watchLocks(t, () =>
    Promise.all(
      seaters.map(async seater => {
        const answer = once(seater, 'message')
        seater.send('go')
        return (await answer)[0] as Done
      }),
    ),
  )
  return {
    makespanMs: performance.now() - start,
    machineMs: machineCpu() - before,
    cpuMs: done.reduce((all, one) => all + one.cpuMs, 0),
    longestLockMs: longestMs,
    rssMb: Math.max(...done.map(one => one.rssMb)),
    failed: done.flatMap(one => one.failed),
    ...(await outcome(
      t,
      draws.map(({ id }) => id),
    )),
  }
}
