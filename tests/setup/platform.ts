import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { sweep } from '@/jobs/clock'
import { runJob } from '@/jobs/run'
import type { Actor, Ctx, Platform } from '~/platform/ctx'
import { readConfig } from '~/platform/env.server'
import { makeCtx, makeLogger, startPlatform, stopPlatform } from '~/platform/start.server'
import { cloneDatabase } from './database'

export interface TestPlatform {
  platform: Platform
  url: string
  ctx(actor?: Actor): Promise<Ctx>
  /** Sets the database's clock: from now on trade_clock() runs from this instant. */
  at(instant: string | Date): Promise<void>
  /** Moves the database's clock forward. */
  pass(ms: number): Promise<void>
  /** What the worker would do now: the clock's ticks, then every promised job, until nothing is left to do. */
  tick(): Promise<void>
  close(): Promise<void>
}

/** A whole platform on a fresh database and a temporary data folder, without processes. */
export async function testPlatform(): Promise<TestPlatform> {
  return platformOn(await cloneDatabase(inject('databaseUrl')))
}

/** The same on a database that has the tests' clock (prepareTemplate); `drop` removes it at the end. */
export async function platformOn(
  database: { url: string; drop(): Promise<void> },
  logTo?: { write(line: string): void },
): Promise<TestPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'open-tender-platform-'))
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: logTo ? 'trace' : 'error', DATABASE_URL: database.url })
  const platform = await startPlatform(config, database.url, makeLogger(config, 'test', logTo), 12)
  // A test may set its clock back on purpose: what it showed before is forgotten.
  const shift = async (sql: string, value: string) => {
    await platform.database.pool.query(`update test_clock set shift = ${sql}`, [value])
    await platform.database.pool.query('delete from clock_mark')
  }
  return {
    platform,
    url: database.url,
    ctx: (actor = { kind: 'system', name: 'test' }) => makeCtx(platform, actor),
    at: async instant => void (await shift('$1::timestamptz - clock_timestamp()', new Date(instant).toISOString())),
    pass: async ms => void (await shift(`shift + $1::interval`, `${ms} milliseconds`)),
    tick: () => tick(platform),
    close: async () => {
      await stopPlatform(platform)
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function tick(platform: Platform): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await sweep(platform)
    const { rows } = await platform.database.pool.query<{ id: string; job: string }>(
      'select id, job from outbox where done_at is null and failed_at is null and due_at <= trade_clock() order by id limit 500',
    )
    for (const row of rows) await runJob(platform, { name: row.job, outboxId: Number(row.id) })
    if (rows.length === 0) return
  }
}
