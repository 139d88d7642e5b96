// A server process of the opening bench: the clocks of lots and openings, and the service that takes releases, fed over a socket or by HTTP.
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { startClocks } from '@/jobs/clock'
import { listen } from '@/jobs/pump'
import { tickLists } from '@/jobs/ticks'
import { makeApi } from '~/http/app.server'
import type { Ctx, PersonActor } from '~/platform/ctx'
import { readConfig } from '~/platform/env.server'
import { makeLogger, startPlatform, systemCtx } from '~/platform/start.server'
import { releaseKeys } from '~/trading/opening/release.server'

const [url, dataDir, path] = process.argv.slice(2) as [string, string, string]
const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'warn', DATABASE_URL: url })
const platform = await startPlatform(config, url, makeLogger(config, 'bench'), 10)
const clocks = startClocks(platform, tickLists.slice(0, 3))
await listen(url, { outbox: () => {}, due: clocks.nudge })

let actors: PersonActor[] = []
let own: Ctx

/** Answers each line with its number and whether it was taken. */
function serve(socket: Socket): void {
  createInterface({ input: socket }).on('line', line => {
    const { id, holder, lotId, message, cms } = JSON.parse(line)
    const ctx: Ctx = { ...own, actor: actors[holder]!, address: '127.0.0.1' }
    releaseKeys(ctx, { lotId, message, cms: new Uint8Array(Buffer.from(cms, 'base64')) }).then(
      answer => socket.write(`${id} ${answer.refused.length}\n`),
      (error: unknown) => socket.write(`${id} ${error instanceof Error ? error.message : 'error'}\n`),
    )
  })
}

process.on('message', async ({ actors: named }: { actors?: PersonActor[] }) => {
  if (named) {
    actors = named
    own = await systemCtx(platform, 'bench')
  }
  const { user, system } = process.cpuUsage()
  process.send!({ cpu: (user + system) / 1000, rss: process.memoryUsage().rss })
})
process.on('disconnect', () => process.exit(0))
const { app } = await makeApi(platform)
const web = app.listen(0, '127.0.0.1', 4_096, () => {
  const { port } = web.address() as AddressInfo
  createServer(serve).listen(path, () => process.send!({ ready: port }))
})
