// npm run check: format and lint → types → migrations in step → tests (architecture and stories among them; they build).
import { spawnSync } from 'node:child_process'
import { ensureDependencies, root } from './dependencies.mjs'

ensureDependencies()
const steps = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['migrations in step', ['bin/migrations-in-step.mjs']],
  ['build', ['bin/build.mjs']],
  ['tests', ['bin/test.mjs']],
]
for (const [name, args] of steps) {
  console.log(`— ${name}`)
  const run = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) {
    console.error(`${name}: failed`)
    process.exit(run.status ?? 1)
  }
}
