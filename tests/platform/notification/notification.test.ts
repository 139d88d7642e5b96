import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listSandboxMessages, notify, sendNotification } from '~/platform/notification/notification.server'
import { sendMail } from '~/platform/notification/smtp.server'

let site: TestPlatform
beforeAll(async () => {
  site = await testPlatform()
})
afterAll(() => site.close())

const text = '您被抽取为评标专家，请于 9 时前回复。'

test('a message is delivered once it is promised, in order, and a reader that asks on misses none', async () => {
  const ctx = await site.ctx()
  const first = await notify(ctx, { channel: 'sms', to: '13800000001', text })
  expect(await listSandboxMessages(ctx)).toEqual([])
  await site.tick()
  const [message] = await listSandboxMessages(ctx)
  expect(message).toMatchObject({ id: first, channel: 'sms', to: '13800000001', text })
  const later = [
    await notify(ctx, { channel: 'sms', to: '2222222', text }),
    await notify(ctx, { channel: 'email', to: 'a@b.example', text }),
  ]
  await site.tick()
  const next = await listSandboxMessages(ctx, first)
  expect(next.map(m => m.id).sort()).toEqual(later.sort())
  expect(await listSandboxMessages(ctx, next.at(-1)?.id)).toEqual([])
})

test('a message whose command failed is never sent', async () => {
  const ctx = await site.ctx()
  const failed = ctx.db.transaction(async db => {
    await notify({ ...ctx, db }, { channel: 'sms', to: '13800000009', text })
    throw new Error('later step failed')
  })
  await expect(failed).rejects.toThrow('later step failed')
  await site.tick()
  expect((await listSandboxMessages(ctx)).map(m => m.to)).not.toContain('13800000009')
})

test('neither recipient nor text stands in the database in clear', async () => {
  const ctx = await site.ctx()
  await notify(ctx, { channel: 'sms', to: '13912345678', text: '独特的内容' })
  const { rows } = await site.platform.database.pool.query(
    `select string_agg(row_to_json(n)::text || encode(box, 'escape'), '') as all from notification n`,
  )
  expect(rows[0].all).not.toMatch(/13912345678|独特/)
})

test('outside the sandbox a message without a way to go stays promised', async () => {
  const ctx = await site.ctx()
  const id = await notify(ctx, { channel: 'sms', to: '1', text })
  const config = { ...site.platform.config, isSandbox: false }
  await expect(sendNotification({ ...ctx, platform: { ...site.platform, config } }, id)).rejects.toThrow('no way to send sms')
})

/** A mail server that agrees to everything and remembers what it was told. */
async function aMailServer() {
  const heard: string[] = []
  const answer = (socket: Socket, line: string) => {
    heard.push(line)
    if (line.startsWith('EHLO')) return socket.write('250-hello\r\n250 8BITMIME\r\n')
    if (line === 'DATA') return socket.write('354 go on\r\n')
    if (line.startsWith('MAIL') || line.startsWith('RCPT') || line === '.') socket.write('250 ok\r\n')
  }
  const server = createServer(socket => {
    socket.write('220 ready\r\n')
    let rest = ''
    socket.on('data', chunk => {
      const lines = (rest + chunk.toString()).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) answer(socket, line)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { heard, url: `smtp://127.0.0.1:${port}/?from=platform@example.org`, close: () => server.close() }
}

test('mail goes out by SMTP with its Chinese text', async () => {
  const server = await aMailServer()
  await sendMail(server.url, { to: 'expert@example.org', text })
  server.close()
  expect(server.heard).toContain('RCPT TO:<expert@example.org>')
  const body = server.heard.slice(server.heard.lastIndexOf('') + 1, server.heard.indexOf('.')).join('')
  expect(Buffer.from(body, 'base64').toString()).toBe(text)
})

test('an address that would smuggle in a command is refused', async () => {
  await expect(sendMail('smtp://127.0.0.1:9', { to: 'a@b>\r\nDATA', text })).rejects.toThrow('not a mail address')
})
