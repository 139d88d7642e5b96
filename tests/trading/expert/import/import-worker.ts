// A worker that does nothing but lists: started to be killed in the middle of one. Arguments: database, data folder.
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '~/platform/env.server'
import { makeLogger, startPlatform, systemCtx } from '~/platform/start.server'
import { stepImports } from '~/trading/expert/import/import-list.server'

const [url = '', dataDir = ''] = process.argv.slice(2)
const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', DATABASE_URL: url })
const platform = await startPlatform(config, url, makeLogger(config, 'test'), 4)
process.once('disconnect', () => process.exit(0))
for (;;) {
  await stepImports(await systemCtx(platform, 'import-worker'))
  await sleep(20)
}
