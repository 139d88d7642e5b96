import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '@/db/embedded'
import { prepareTemplate } from './database'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
  }
}

/** One throw-away PostgreSQL for the whole run, with a migrated template database. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-test-'))
  const server = await startEmbedded(folder, 'template_tender', true)
  await prepareTemplate(server.url)
  project.provide('databaseUrl', server.url)
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
