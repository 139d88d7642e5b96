// Every page × everybody: a desk's pages are refused to whoever has no place at that desk, whether asked for or posted to.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '~/platform/ctx'
import { isAllowed } from '~/platform/identity/authorise.server'
import { type Permission, permissions } from '~/platform/identity/permission'
import { type TestPlatform, testPlatform } from '../setup/platform'
import { contextFor, everybody, isPerson } from './site'

interface RouteModule {
  loader?: (args: unknown) => unknown
  action?: (args: unknown) => unknown
}

const modules = import.meta.glob<RouteModule>('../../app/routes/*.{ts,tsx}')
const routes = Object.entries(modules).map(([path, load]) => ({ name: path.replace(/^.*\/routes\//, ''), load }))

/** Loading the pages' modules is most of the time. */
const patience = 60_000
let site: TestPlatform
let all: Awaited<ReturnType<typeof everybody>>

beforeAll(async () => {
  site = await testPlatform()
  all = await everybody(site)
  await Promise.all(routes.map(route => route.load()))
}, patience * 2)
afterAll(() => site.close())

const deskOf = (name: string): Permission | null => {
  const permission = `desk.${name.split(/[._]/)[0]}`
  return permission in permissions ? (permission as Permission) : null
}

const paramsOf = (name: string) =>
  Object.fromEntries([...name.matchAll(/\$(\w+)/g)].map(match => [match[1], crypto.randomUUID()]))

/** A desk's first segment is what counts; parameters stand where the file name has them. */
const addressOf = (name: string) => `http://localhost/${name.replace(/\.tsx?$/, '').replaceAll('.', '/')}`

const statusOf = (answer: unknown): number | null => {
  if (answer instanceof Response) return answer.status
  const init =
    typeof answer === 'object' && answer !== null && 'init' in answer ? (answer.init as { status?: number } | null) : null
  return init ? (init.status ?? 200) : null
}

/** What the page answers: its status; 200 for plain data. Anything thrown that is no answer is a fault and fails the test. */
async function ask(name: string, part: 'loader' | 'action', run: (args: unknown) => unknown, actor: Actor): Promise<number> {
  const init = part === 'action' ? { method: 'POST', body: new URLSearchParams({}) } : {}
  const args = {
    request: new Request(addressOf(name), init),
    params: paramsOf(name),
    context: contextFor(site, actor),
  }
  try {
    return statusOf(await run(args)) ?? 200
  } catch (thrown) {
    const status = statusOf(thrown)
    if (status === null) throw thrown
    return status
  }
}

const refusals = [302, 401, 403, 404]

test.each(routes.filter(route => deskOf(route.name)).map(route => [route.name, route] as const))(
  '%s is refused to the public and to roles of other desks',
  async (name, { load }) => {
    const module = await load()
    for (const part of ['loader', 'action'] as const) {
      const run = module[part]
      if (!run) continue
      for (const { name: who, actor } of all) {
        if (isAllowed(actor, deskOf(name)!)) continue
        const status = await ask(name, part, run, actor)
        const expected = isPerson(actor) ? refusals : [302, 401]
        expect([who, part, expected.includes(status) ? 'refused' : status]).toEqual([who, part, 'refused'])
      }
    }
  },
  patience,
)

test.each(routes.map(route => [route.name, route] as const))(
  '%s answers everybody without a fault',
  async (name, { load }) => {
    const module = await load()
    for (const part of ['loader', 'action'] as const) {
      const run = module[part]
      if (!run) continue
      for (const { name: who, actor } of all)
        expect([who, part, (await ask(name, part, run, actor)) < 500]).toEqual([who, part, true])
    }
  },
  patience,
)

test('every desk is gated in its own layout', () => {
  const desks = Object.keys(permissions)
    .filter(name => name.startsWith('desk.'))
    .map(name => name.slice('desk.'.length))
  expect(desks.filter(desk => !routes.some(route => route.name === `${desk}.tsx`))).toEqual([])
})
