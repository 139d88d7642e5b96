import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBoard } from '@/jobs/board'
import { contextFor } from '@/tests/access/site'
import { anActor } from '@/tests/factories/actor'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { boardPath, mountBoard } from '~/http/board.server'
import type { Actor } from '~/platform/ctx'

let site: TestPlatform
let board: ReturnType<typeof openBoard>
let server: Server
let base: string
let actor: Actor = { kind: 'public' }

beforeAll(async () => {
  site = await testPlatform()
  board = openBoard({ databaseUrl: site.url, redisUrl: undefined }, boardPath, () => {})
  const app = express()
  mountBoard(app, board.router, async () => contextFor(site, actor))
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}${boardPath}`
})
afterAll(async () => {
  server.close()
  await board.close()
  await site.close()
})

const ask = (path = '', init?: RequestInit) => fetch(base + path, init)

test('the board is the operator’s alone', async () => {
  const roles = ['agency', 'supervisor', 'bidder', 'custodian', 'expert', 'witness'] as const
  for (const path of ['', '/api/queues', '/static/js/none.js']) {
    actor = { kind: 'public' }
    expect((await ask(path)).status).toBe(401)
    for (const role of roles) {
      actor = await anActor(site, role)
      expect([role, path, (await ask(path)).status]).toEqual([role, path, 403])
    }
  }
})

test('the operator sees the queue under a policy of its own, and can change nothing', async () => {
  actor = await anActor(site, 'operator')
  const page = await ask()
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(await page.text()).toContain(`<base href="${boardPath}/"`)
  const queues = (await (await ask('/api/queues')).json()) as { queues: { name: string; readOnlyMode: boolean }[] }
  expect(queues.queues.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([['open-tender', true]])
  for (const [method, path] of [
    ['PUT', '/api/queues/open-tender/pause'],
    ['PUT', '/api/queues/open-tender/clean/completed'],
    ['POST', '/api/queues/open-tender/add'],
  ] as const)
    expect((await ask(path, { method })).status).toBe(405)
})
