// npm test: sets the machine up (packages, Chromium, a CJK font), then runs everything. Last line: N passed, N failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDependencies, root } from './dependencies.mjs'

const debian = {
  chromium: 'chromium',
  'fonts-noto-cjk': null,
  openssl: 'openssl',
  'poppler-utils': 'pdfsig',
  qpdf: 'qpdf',
  'libnss3-tools': 'certutil',
  'redis-server': 'redis-server',
  faketime: 'faketime',
}
const has = command => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0
const hasFont = () => spawnSync('sh', ['-c', 'fc-list :lang=zh 2>/dev/null | grep -q .']).status === 0

/** Chromium, a Chinese font and the stock tools that check our formats, from Debian's packages. */
function ensureTools() {
  const missing = Object.entries(debian)
    .filter(([, command]) => (command ? !has(command) : !hasFont()))
    .map(([name]) => name)
  if (missing.length === 0) return
  const install = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0) {
    console.error(`The tests need ${missing.join(', ')}. Run once as root:\n  sudo sh -c '${install}'`)
    process.exit(1)
  }
  console.log(`Installing ${missing.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = spawnSync('sh', ['-c', `(${install}) >/tmp/apt-install.log 2>&1`], { stdio: 'inherit', env })
  if (run.status !== 0) {
    console.error(readFileSync('/tmp/apt-install.log', 'utf8').split('\n').slice(-15).join('\n'))
    process.exit(1)
  }
}

/** Runs one vitest configuration; its counts come from its own JSON report. */
function vitest(config, filters) {
  const report = join(mkdtempSync(join(tmpdir(), 'open-tender-report-')), 'report.json')
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ]
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '--enable-source-maps' },
  })
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, numTotalTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'))
  const broken = run.status !== 0 && numFailedTests === 0 ? Math.max(1, numFailedTestSuites) : 0
  const notRun = numTotalTests - numPassedTests - numFailedTests
  return { passed: numPassedTests, failed: numFailedTests + broken + notRun }
}

ensureDependencies()
ensureTools()
const filters = process.argv.slice(2)
const results = []
const walls = []
/** Runs a part and notes how long it took. */
async function part(name, run) {
  const start = performance.now()
  const result = await run()
  walls.push(`${name} ${Math.round((performance.now() - start) / 1000)} s`)
  return result
}
if (!filters.some(f => f.includes('e2e'))) {
  results.push(await part('unit and service tests', () => vitest('vitest.config.ts', filters)))
}
if (filters.length === 0 || filters.some(f => f.includes('e2e'))) {
  const { buildAll } = await import('./build.mjs')
  await part('build', buildAll)
  results.push(await part('stories', () => vitest('vitest.e2e.config.ts', filters)))
}
const total = results.reduce((sum, r) => ({ passed: sum.passed + r.passed, failed: sum.failed + r.failed }), {
  passed: 0,
  failed: 0,
})
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
console.log(walls.join(', '))
console.log(`${total.passed} passed, ${total.failed} failed`)
