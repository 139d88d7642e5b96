import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listSandboxMessages, notify, sendNotification } from '~/platform/notification/notification.server'

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

test('two processes at once send a message once: the second finds it in other hands and asks again', async () => {
  const ctx = await site.ctx()
  const id = await notify(ctx, { channel: 'sms', to: '3', text })
  const held = await site.platform.database.pool.connect()
  await held.query('begin')
  await held.query('select 1 from notification where id = $1 for update', [id])
  await expect(sendNotification(ctx, id)).rejects.toThrow('being sent')
  await held.query('rollback')
  held.release()
  await sendNotification(ctx, id)
  await sendNotification(ctx, id)
  expect((await listSandboxMessages(ctx)).filter(message => message.id === id)).toHaveLength(1)
})
