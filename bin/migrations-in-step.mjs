// Fails if the schema says something the migrations do not (drizzle-kit would generate one more).
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './dependencies.mjs'

const copy = mkdtempSync(join(tmpdir(), 'open-tender-migrations-'))
try {
  cpSync(join(root, 'db/migrations'), copy, { recursive: true })
  const before = readdirSync(copy).length
  const args = [
    'node_modules/drizzle-kit/bin.cjs',
    'generate',
    '--dialect=postgresql',
    '--schema=./db/schema/**/*.ts',
    `--out=${copy}`,
  ]
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stdout + run.stderr)
  if (readdirSync(copy).length !== before)
    throw new Error('the schema has changed: run npm run db:generate and commit the migration')
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
