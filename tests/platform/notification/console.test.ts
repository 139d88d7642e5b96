import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readConfig } from '~/platform/env.server'
import { notify, sendNotification } from '~/platform/notification/notification.server'

let site: TestPlatform
beforeEach(async () => {
  site = await testPlatform()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await site.close()
})

test('messages for a duty desk stand on the output of the worker, one line each, and count as sent', async () => {
  const { smtpUrl, contactUrl } = readConfig({ SMTP_URL: 'console:', CONTACT_URL: 'console:', DATA_DIR: 'x' })
  const config = { ...site.platform.config, isSandbox: false, smtpUrl, contactUrl }
  const ctx = { ...(await site.ctx()), platform: { ...site.platform, config } }
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation(chunk => written.push(String(chunk)) > 0)
  const ids = [
    await notify(ctx, { channel: 'voice', to: '13800000001', text: '第一行\n第二行' }),
    await notify(ctx, { channel: 'email', to: 'a@example.com', text: '邮件' }),
  ]
  for (const id of ids) await sendNotification(ctx, id)
  vi.restoreAllMocks()
  expect(written).toEqual([`【电话 ${ids[0]}】13800000001：第一行 第二行\n`, `【邮件 ${ids[1]}】a@example.com：邮件\n`])
  const { rows } = await site.platform.database.pool.query('select 1 from notification where sent_at is null')
  expect(rows).toEqual([])
})

test('outside the sandbox nothing is called sent that has no way out', async () => {
  const config = { ...site.platform.config, isSandbox: false, smtpUrl: undefined, contactUrl: undefined }
  const ctx = { ...(await site.ctx()), platform: { ...site.platform, config } }
  const id = await notify(ctx, { channel: 'sms', to: '1', text: '短信' })
  await expect(sendNotification(ctx, id)).rejects.toThrow('CONTACT_URL')
})
