import { rmSync } from 'node:fs'
import { newDataDir, startEmbedded } from '@/db/embedded'
import { prepareTemplate } from '@/tests/setup/database'
import { platformOn, type TestPlatform } from '@/tests/setup/platform'

/** A whole platform on a throw-away PostgreSQL of its own, for measuring services without processes and HTTP. `isDurable`: with fsync. */
export async function benchPlatform(settings: string[] = [], isDurable = false): Promise<TestPlatform> {
  const folder = newDataDir('bench')
  const server = await startEmbedded(folder, 'bench', !isDurable, {}, settings)
  await prepareTemplate(server.url)
  const drop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return platformOn({ url: server.url, drop })
}
