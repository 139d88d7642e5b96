import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '@/db/embedded'
import { prepareTemplate } from '@/tests/setup/database'
import { platformOn, type TestPlatform } from '@/tests/setup/platform'

/** Settings that hold after the next start. */
async function alterSystem(url: string, settings: string[]): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  for (const setting of settings) await client.query(`alter system set ${setting}`)
  await client.end()
}

/** A whole platform on a throw-away PostgreSQL of its own, for measuring services without processes and HTTP. `isDurable`: with fsync. */
export async function benchPlatform(settings: string[] = [], isDurable = false): Promise<TestPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-bench-'))
  let server = await startEmbedded(folder, 'bench', !isDurable)
  if (settings.length > 0) {
    await alterSystem(server.url, settings)
    await server.stop()
    server = await startEmbedded(folder, 'bench', !isDurable)
  }
  await prepareTemplate(server.url)
  const drop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return platformOn({ url: server.url, drop })
}
