// Builds pages (Remix, Vite) and the web and worker processes (esbuild); skipped while no source has changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureDependencies, root } from './dependencies.mjs'

const sources = [
  'app',
  'db',
  'jobs',
  'crypto',
  'public',
  'bin/actors',
  'bin/client',
  'bin/party',
  'package-lock.json',
  'remix.config.js',
  'vite.config.ts',
  'tsconfig.json',
  'bin/build.mjs',
]
const stamp = join(root, 'dist/stamp')

function* files(path) {
  if (!existsSync(path)) return
  if (statSync(path).isFile()) return void (yield path)
  for (const name of readdirSync(path).sort()) yield* files(join(path, name))
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const path of files(join(root, source))) hash.update(path.slice(root.length)).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
    child.on('close', code => (code === 0 ? resolve() : reject(new Error(output))))
  })
}

async function bundle() {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: { server: 'app/server.ts', worker: 'jobs/worker.ts', actor: 'bin/actors/actor.ts', party: 'bin/party/main.ts' },
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  })
}

/** The offline tools, each one file that Node runs alone: for bidders who trust no page, and for a court in ten years. */
export async function bundleOffline() {
  const { build } = await import('esbuild')
  const tool = name => ({ in: `crypto/verify/${name === 'verify' ? 'main' : name}.ts`, out: name })
  await build({
    absWorkingDir: root,
    entryPoints: ['seal', 'unseal', 'verify'].map(tool),
    outdir: 'dist/offline',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // What CommonJS packages inside ask for by name are Node's own modules.
    banner: { js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);" },
    legalComments: 'eof',
    logLevel: 'error',
  })
  const sums = ['seal', 'unseal', 'verify'].map(name => {
    const bytes = readFileSync(join(root, `dist/offline/${name}.mjs`))
    return `${createHash('sha256').update(bytes).digest('hex')}  ${name}.mjs\n`
  })
  writeFileSync(join(root, 'dist/offline/SHA256SUMS'), sums.join(''))
}

/** Builds if needed; returns whether anything was built. Throws with the tool's own words. */
export async function buildAll() {
  const now = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now && existsSync(join(root, 'build/server/index.js'))) return false
  await Promise.all([
    run(['node_modules/@remix-run/dev/dist/cli.js', 'vite:build', '--logLevel', 'warn']),
    bundle(),
    bundleOffline(),
  ])
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stamp, now)
  return true
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureDependencies()
  const built = await buildAll().catch(error => {
    console.error(error.message)
    process.exit(1)
  })
  console.log(built ? 'built' : 'already built')
}
