// The contract of docs/contact-gateway.md against a server that keeps it.
import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { Ctx } from '~/platform/ctx'
import { listSandboxMessages, notify, sendNotification } from '~/platform/notification/notification.server'

interface Call {
  key: string
  authorization: string | undefined
  body: Record<string, string>
}

/** Rings once per key and answers a repeat as it answered the first time; `status` is what it answers next. */
async function aGateway() {
  const state = { asked: [] as Call[], rung: new Map<string, Call>(), status: 202 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const key = String(request.headers['idempotency-key'])
    const call = { key, authorization: request.headers.authorization, body: JSON.parse(Buffer.concat(chunks).toString()) }
    state.asked.push(call)
    if (state.status < 300 && !state.rung.has(key)) state.rung.set(key, call)
    response.writeHead(state.status).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { ...state, state, url: `http://127.0.0.1:${port}/calls`, close: () => server.close() }
}

let site: TestPlatform
let gateway: Awaited<ReturnType<typeof aGateway>>
let ctx: Ctx
beforeEach(async () => {
  site = await testPlatform()
  gateway = await aGateway()
  const config = { ...site.platform.config, isSandbox: false, contactUrl: gateway.url, contactToken: 'secret' }
  ctx = { ...(await site.ctx()), platform: { ...site.platform, config } }
})
afterEach(async () => {
  gateway.close()
  await site.close()
})

const stateOf = async (id: string) =>
  (await site.platform.database.pool.query('select sent_at, failed_at, failure from notification where id = $1', [id])).rows[0]

test('texts and calls are handed over with a key of their own, and noted as sent', async () => {
  const sms = await notify(ctx, { channel: 'sms', to: '13800000001', text: '短信' })
  const voice = await notify(ctx, { channel: 'voice', to: '13800000002', text: '语音' })
  for (const id of [sms, voice]) await sendNotification(ctx, id)
  expect(gateway.asked.map(({ key, authorization, body }) => [key, authorization, body])).toEqual([
    [sms, 'Bearer secret', { id: sms, channel: 'sms', to: '13800000001', text: '短信' }],
    [voice, 'Bearer secret', { id: voice, channel: 'voice', to: '13800000002', text: '语音' }],
  ])
  expect((await listSandboxMessages(ctx)).map(({ id }) => id).toSorted()).toEqual([sms, voice].toSorted())
})

test('a crash after the gateway took it rings nobody twice', async () => {
  const id = await notify(ctx, { channel: 'voice', to: '1', text: '语音' })
  await sendNotification(ctx, id)
  // As a kill before our own commit leaves it: the gateway has it, we do not know.
  await site.platform.database.pool.query('update notification set sent_at = null where id = $1', [id])
  await sendNotification(ctx, id)
  expect(gateway.asked).toHaveLength(2)
  expect(gateway.rung.size).toBe(1)
})

test.each([429, 500, 503])('answer %i leaves it promised, to be sent again', async status => {
  const id = await notify(ctx, { channel: 'sms', to: '1', text: '短信' })
  gateway.state.status = status
  await expect(sendNotification(ctx, id)).rejects.toThrow(String(status))
  expect(await stateOf(id)).toMatchObject({ sent_at: null, failed_at: null })
  gateway.state.status = 200
  await sendNotification(ctx, id)
  expect((await stateOf(id)).sent_at).not.toBeNull()
})

test('a refusal for good is noted and never sent again', async () => {
  const id = await notify(ctx, { channel: 'sms', to: 'not a number', text: '短信' })
  gateway.state.status = 422
  await sendNotification(ctx, id)
  expect(await stateOf(id)).toMatchObject({ sent_at: null, failure: 'gateway-422' })
  await sendNotification(ctx, id)
  expect(gateway.asked).toHaveLength(1)
})

test('a gateway that is not there leaves it promised', async () => {
  const id = await notify(ctx, { channel: 'sms', to: '1', text: '短信' })
  gateway.close()
  await expect(sendNotification(ctx, id)).rejects.toThrow()
  expect(await stateOf(id)).toMatchObject({ sent_at: null, failed_at: null })
})
