// Keeps the map in README.md true: who may import whom, how long a file may be.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Each folder, and what it may use. Order matters: the first match names the layer. */
const mayUse: Record<string, string[]> = {
  crypto: [],
  db: ['app/platform', 'app/trading', 'app/hall', 'app/shared', 'crypto'],
  'jobs/catalogue': [],
  jobs: ['jobs/catalogue', 'app/trading', 'app/hall', 'app/platform', 'app/shared', 'db', 'crypto'],
  'app/server': ['app/http', 'app/platform', 'db', 'jobs'],
  'app/shared': [],
  'app/ui': ['app/shared'],
  'app/platform': ['app/shared', 'app/ui', 'db', 'crypto', 'jobs/catalogue'],
  'app/trading': ['app/platform', 'app/shared', 'app/ui', 'db', 'crypto', 'jobs/catalogue'],
  'app/hall': ['app/platform', 'app/shared', 'app/ui', 'db', 'crypto', 'jobs/catalogue'],
  'app/http': ['app/platform', 'app/shared', 'db', 'app/api'],
  'app/api': ['app/http', 'app/trading', 'app/hall', 'app/platform', 'app/shared', 'db', 'crypto'],
  'app/routes': ['app/http', 'app/trading', 'app/hall', 'app/platform', 'app/ui', 'app/shared'],
}

/** Packages that only some files may import. */
const homeOf: Record<string, RegExp> = {
  bullmq: /^jobs\/|^db\/migrate\.ts$/,
  'drizzle-orm': /^db\/|\.server\.ts$|^jobs\//,
  zod: /^jobs\/catalogue|\.server\.ts$/,
  react: /^app\/.*\.tsx?$/,
}

/** Seeds fill the world through the same services as people do; nothing else in db knows the app. */
const isSeed = (path: string) => path.startsWith('db/seed/')
const layerOf = (path: string) => Object.keys(mayUse).find(l => path === l || path === `${l}.ts` || path.startsWith(`${l}/`))
const isServer = (path: string) => /\.server(\.tsx?)?$/.test(path) || /^(db|jobs)\//.test(path)

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.tsx?$/.test(entry.name)) yield path
  }
}

function imports(file: string) {
  const statement = /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm
  return [...readFileSync(join(root, file), 'utf8').matchAll(statement)].map(([, type, name = '']) => {
    const ours = name.startsWith('~/')
      ? name.replace('~/', 'app/')
      : name.startsWith('@/')
        ? name.slice(2)
        : name.startsWith('.')
          ? relative(root, resolve(root, dirname(file), name))
          : undefined
    return { name, ours, typeOnly: Boolean(type) }
  })
}

function complaint(file: string, { name, ours, typeOnly }: ReturnType<typeof imports>[number]) {
  const home = homeOf[name.split('/')[0]!]
  if (!ours) return home && !typeOnly && !home.test(file) ? `${name} does not belong here` : undefined
  const [from, to] = [layerOf(file), layerOf(ours)]
  if (!from || !to) return
  if (typeOnly && to === 'db') return // a type leaves nothing behind at run time
  if (from === 'db' && to.startsWith('app/') && !isSeed(file)) return `${from} may not use ${to}`
  if (from !== to && !mayUse[from]!.includes(to)) return `${from} may not use ${to}`
  // Pages and pure files run in the browser. A route may name server code: the compiler strips its loader and action.
  if (isServer(ours) && !isServer(file) && !typeOnly && from !== 'app/routes' && from !== 'app/server')
    return `${ours} is server code`
  // In the browser only web workers use crypto, so that sealing never blocks a page.
  if (to === 'crypto' && from.startsWith('app/') && !typeOnly && !isServer(file) && !/\.worker\.ts$/.test(file))
    return 'crypto runs in workers and servers only'
}

const limitOf = (file: string) => (file.startsWith('app/routes/') ? 120 : 300)

for (const file of ['app', 'db', 'jobs', 'crypto'].flatMap(folder => [...sources(folder)])) {
  test(file, () => {
    expect(
      imports(file)
        .map(i => complaint(file, i))
        .filter(Boolean),
    ).toEqual([])
    expect(readFileSync(join(root, file), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(limitOf(file))
  })
}

test('forms are made in the components’ folder alone, where what they may send is settled', () => {
  const made = [...sources('app')].filter(file => /<(?:form|Form)\b/.test(readFileSync(join(root, file), 'utf8')))
  expect(made.filter(file => !file.startsWith('app/ui/'))).toEqual([])
})

test('pages compose components and contain no class names', () => {
  const styled = [...sources('app/routes')].filter(file => /\bclassName=/.test(readFileSync(join(root, file), 'utf8')))
  expect(styled).toEqual([])
})
