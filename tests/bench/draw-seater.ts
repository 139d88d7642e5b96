// One process of a crowd: seats the draws it is handed through the real service, several at a time. Speaks to its parent by IPC.

import type { PersonActor } from '~/platform/ctx'
import { readConfig } from '~/platform/env.server'
import { makeCtx, makeLogger, startPlatform, stopPlatform } from '~/platform/start.server'
import { postAndSeat } from '~/trading/draw/post-message.server'
import type { Ready } from './draw-world'

export interface Work {
  url: string
  dataDir: string
  actor: PersonActor
  draws: Ready[]
  atOnce: number
}

export interface Done {
  cpuMs: number
  rssMb: number
  failed: string[]
}

const isLast = (value: unknown): value is Work => typeof value === 'object' && value !== null && 'draws' in value

async function work({ url, dataDir, actor, draws, atOnce }: Work): Promise<void> {
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', DATABASE_URL: url })
  const platform = await startPlatform(config, url, makeLogger(config, 'bench'), atOnce + 4)
  process.send!('ready')
  await new Promise(resolve => process.once('message', resolve))
  const before = process.cpuUsage()
  const queue = [...draws]
  const failed: string[] = []
  const seat = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const value = { ...one.last } as never
      await postAndSeat(await makeCtx(platform, actor), { id: one.id, value }).catch((error: unknown) =>
        failed.push(String(error)),
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, seat))
  const { user, system } = process.cpuUsage(before)
  process.send!({ cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage().rss / 1e6, failed } satisfies Done)
  await stopPlatform(platform)
  process.disconnect()
}

process.once('message', message => {
  if (isLast(message)) void work(message)
})
