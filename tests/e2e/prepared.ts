import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildAll, root } from '@/bin/processes'
import { newDataDir, startEmbedded } from '@/db/embedded'
import { migrate } from '@/db/migrate'
import { seed } from '@/db/seed/main'
import { readConfig } from '~/platform/env.server'

const variable = 'STORY_SITE'

/** Before the stories of a run: a built site and a data folder as a site's first start leaves it, which each story copies. */
export default async function setup(): Promise<() => void> {
  await buildAll()
  const folder = newDataDir('story')
  const database = await startEmbedded(folder, 'open_tender')
  try {
    await migrate(database.url, root)
    await seed(readConfig({ DATA_DIR: folder, LOG_LEVEL: 'error' }, root), database.url)
  } finally {
    await database.stop()
  }
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const data = join(folder, 'postgres')
  // Where the temporary folder is closed to PostgreSQL's user its data lies elsewhere: each story then begins from nothing.
  if (!existsSync(data)) return remove
  rmSync(join(data, 'postmaster.opts')) // it names the port a server comes back to; each copy finds its own
  process.env[variable] = folder
  return remove
}

/** Fills a story's data folder with what was prepared; a bench, which has nothing prepared, begins from nothing. */
export function copyPrepared(dataDir: string): void {
  const folder = process.env[variable]
  if (folder) execFileSync('cp', ['-a', `${folder}/.`, dataDir])
}
