// Every endpoint of the registry × everybody: who lacks the permission is refused, and who has it reaches nothing of anybody else's.
import type { Server } from 'node:http'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoints } from '~/api/registry.server'
import type { AnyEndpoint } from '~/http/api/endpoint.server'
import { apiRouter } from '~/http/api/router.server'
import type { Actor } from '~/platform/ctx'
import { isAllowed } from '~/platform/identity/authorise.server'
import { permissions } from '~/platform/identity/permission'
import { anActor } from '../factories/actor'
import { aLot } from '../factories/lot'
import { type TestPlatform, testPlatform } from '../setup/platform'
import { contextFor, everybody, isPerson } from './site'

let site: TestPlatform
let server: Server
let base: string
let actor: Actor = { kind: 'public' }
let all: Awaited<ReturnType<typeof everybody>>
let foreign: Record<string, string>

beforeAll(async () => {
  site = await testPlatform()
  all = await everybody(site)
  const agency = await anActor(site, 'agency')
  const lot = await aLot(site, { state: 'draft', agency })
  foreign = {
    lotId: lot.lotId,
    projectId: lot.project.id,
    organisationId: agency.organisationId,
    membershipId: agency.membershipId,
  }
  const app = express()
  app.use(apiRouter(endpoints, async () => contextFor(site, actor)))
  server = app.listen(0)
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(async () => {
  server.close()
  await site.close()
})

/** The draft lot of another agency (and its project) where the address asks for one, else an id of nothing. */
function addressOf({ path }: AnyEndpoint): string {
  return path.replace(/:(\w+)/g, (_all, name: string) => {
    if (name === 'id')
      return path.includes('/projects/') ? foreign.projectId! : path.includes('/lots/') ? foreign.lotId! : crypto.randomUUID()
    return foreign[name] ?? crypto.randomUUID()
  })
}

async function ask(endpoint: AnyEndpoint, who: Actor, address = addressOf(endpoint)) {
  actor = who
  const hasBody = endpoint.method === 'post' || endpoint.method === 'put'
  const init = hasBody ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}
  const answer = await fetch(base + address, { method: endpoint.method.toUpperCase(), ...init })
  return { status: answer.status, text: await answer.text() }
}

const call = async (endpoint: AnyEndpoint, who: Actor) => (await ask(endpoint, who)).status

/** Whether the answer about somebody else's thing is a refusal, or the very answer about a thing that does not exist. */
async function tellsNothing(endpoint: AnyEndpoint, who: Actor): Promise<boolean> {
  const { status, text } = await ask(endpoint, who)
  if ([401, 403, 404, 409].includes(status)) return true
  const address = endpoint.path.replace(/:(\w+)/g, () => crypto.randomUUID())
  const nothing = await ask(endpoint, who, address)
  return status === 200 && nothing.status === 200 && nothing.text === text
}

const nameOf = ({ method, path }: AnyEndpoint) => `${method.toUpperCase()} ${path}`
const isPublic = ({ permission }: AnyEndpoint) => permissions[permission] === 'public'
const isOne = ({ method, path }: AnyEndpoint) => method === 'get' && /:(lotId|projectId|id)\b/.test(path)

test('the registry names no address twice', () => {
  const names = endpoints.map(nameOf)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test.each(endpoints.filter(e => !isPublic(e)).map(e => [nameOf(e), e] as const))(
  '%s refuses the public and every role without its permission',
  async (_name, endpoint) => {
    for (const { name, actor: who } of all) {
      if (isAllowed(who, endpoint.permission)) continue
      expect([name, await call(endpoint, who)]).toEqual([name, isPerson(who) ? 403 : 401])
    }
  },
)

test.each(endpoints.filter(e => !isPublic(e)).map(e => [nameOf(e), e] as const))(
  '%s refuses a token whose scopes do not name it',
  async (_name, endpoint) => {
    for (const { actor: who } of all) {
      if (!isPerson(who) || !isAllowed(who, endpoint.permission)) continue
      expect(await call(endpoint, { ...who, scopes: ['nothing.at.all'] })).toBe(403)
    }
  },
)

test.each(endpoints.map(e => [nameOf(e), e] as const))('%s answers whoever may ask without a fault', async (_name, endpoint) => {
  for (const { name, actor: who } of all) {
    if (isAllowed(who, endpoint.permission)) expect([name, await call(endpoint, who)]).not.toEqual([name, 500])
  }
})

test.each(endpoints.filter(isOne).map(e => [nameOf(e), e] as const))(
  '%s shows nothing of another organisation’s draft',
  async (_name, endpoint) => {
    for (const { name, actor: who } of all) {
      if (!isAllowed(who, endpoint.permission)) continue
      expect([name, await tellsNothing(endpoint, who)]).toEqual([name, true])
    }
  },
)
