import type { Server } from 'node:http'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoint } from '~/http/api/endpoint.server'
import { openApiOf } from '~/http/api/openapi.server'
import { apiRouter } from '~/http/api/router.server'
import type { Actor } from '~/platform/ctx'
import { makeCtx } from '~/platform/start.server'
import { Refusal } from '~/shared/refusal'

let site: TestPlatform
let server: Server
let base: string
let runs = 0
let actor: Actor = { kind: 'public' }
let sessionToken: string | null = null

const agency: Actor = {
  kind: 'person',
  personId: crypto.randomUUID(),
  name: '甲',
  membershipId: crypto.randomUUID(),
  organisationId: crypto.randomUUID(),
  organisationName: '某代理',
  role: 'agency',
  regionPrefix: '',
  sector: '',
}

const endpoints = [
  endpoint({
    method: 'get',
    path: '/open',
    tag: 't',
    summary: 's',
    permission: 'portal.read',
    answer: z.object({ fen: z.bigint() }),
    handle: async () => ({ fen: 12345678901234567890n }),
  }),
  endpoint({
    method: 'post',
    path: '/things/:id',
    tag: 't',
    summary: 's',
    permission: 'project.write',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ name: z.string().min(1) }),
    answer: z.object({ runs: z.number() }),
    status: 201,
    handle: async () => ({ runs: ++runs }),
  }),
  endpoint({
    method: 'post',
    path: '/refused',
    tag: 't',
    summary: 's',
    permission: 'project.write',
    body: z.strictObject({}),
    answer: z.object({}),
    handle: async () => {
      runs++
      throw new Refusal('replayed')
    },
  }),
]

beforeAll(async () => {
  site = await testPlatform()
  const app = express()
  app.use(
    apiRouter(endpoints, async () => ({
      platform: site.platform,
      actor,
      requestId: crypto.randomUUID(),
      address: '',
      nonce: '',
      sessionToken,
      ctx: () => makeCtx(site.platform, actor),
    })),
  )
  server = app.listen(0)
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(async () => {
  server.close()
  await site.close()
})

const id = crypto.randomUUID()
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

test('money travels as text', async () => {
  expect(await (await fetch(`${base}/open`)).json()).toEqual({ fen: '12345678901234567890' })
})

test('a guest is asked to sign in, a wrong role is refused, both as problem+json', async () => {
  actor = { kind: 'public' }
  const guest = await post(`/things/${id}`, { name: 'x' })
  expect([guest.status, guest.headers.get('content-type'), (await guest.json()).code]).toEqual([
    401,
    'application/problem+json; charset=utf-8',
    'not-signed-in',
  ])
  actor = { ...agency, role: 'bidder' }
  expect((await post(`/things/${id}`, { name: 'x' })).status).toBe(403)
})

test('a token may use only what its scopes name', async () => {
  actor = { ...agency, scopes: ['notice.publish'] }
  expect((await post(`/things/${id}`, { name: 'x' })).status).toBe(403)
  actor = { ...agency, scopes: ['project.write'] }
  expect((await post(`/things/${id}`, { name: 'x' })).status).toBe(201)
})

test.each([
  ['an unknown field', { name: 'x', other: 1 }],
  ['a missing field', {}],
  ['a wrong type', { name: 1 }],
])('%s is refused and named', async (_what, body) => {
  actor = agency
  const answer = await post(`/things/${id}`, body)
  expect(answer.status).toBe(422)
  const problem = await answer.json()
  expect(problem.code).toBe('bad-input')
  expect(Object.keys(problem.fields).length).toBeGreaterThan(0)
})

test('broken JSON and an oversized body are refused with their own status', async () => {
  actor = agency
  expect((await post(`/things/${id}`, '{"name":')).status).toBe(400)
  expect((await post(`/things/${id}`, { name: 'x'.repeat(1_100_000) })).status).toBe(413)
})

test('the same Idempotency-Key runs a write once; with another body it is refused', async () => {
  actor = agency
  const key = { 'idempotency-key': crypto.randomUUID() }
  const first = await (await post(`/things/${id}`, { name: 'once' }, key)).json()
  const again = await post(`/things/${id}`, { name: 'once' }, key)
  expect([again.status, await again.json()]).toEqual([201, first])
  const other = await post(`/things/${id}`, { name: 'other' }, key)
  expect([other.status, (await other.json()).code]).toEqual([422, 'idempotency-key-reused'])
})

test('a refused write frees its Idempotency-Key', async () => {
  actor = agency
  const key = { 'idempotency-key': crypto.randomUUID() }
  const before = runs
  expect((await post('/refused', {}, key)).status).toBe(409)
  expect((await post('/refused', {}, key)).status).toBe(409)
  expect(runs).toBe(before + 2)
})

test('a cookie alone changes nothing from another site', async () => {
  actor = agency
  sessionToken = 'cookie'
  expect((await post(`/things/${id}`, { name: 'x' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await post(`/things/${id}`, { name: 'x' }, { origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await post(`/things/${id}`, { name: 'x' }, { 'sec-fetch-site': 'same-origin' })).status).toBe(201)
  sessionToken = null
})

test('OpenAPI 3.1 says what is asked and answered', () => {
  const document = openApiOf(endpoints) as {
    openapi: string
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: { required: string[] } }> } }>>
  }
  expect(document.openapi).toBe('3.1.0')
  expect(document.paths['/things/{id}']!.post!.requestBody!.content['application/json']!.schema.required).toEqual(['name'])
})
