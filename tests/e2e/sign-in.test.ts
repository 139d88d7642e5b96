import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aCreditCode } from '@/tests/factories/organisation'
import { axe, overflow } from './browser'
import { type Story, startStory } from './site'

let story: Story
beforeAll(async () => {
  story = await startStory()
})
afterAll(() => story?.close())

const password = 'a-long-password'

async function wellMade(page: Page): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

async function fillRegistration(page: Page, creditCode: string, login: string): Promise<void> {
  await page.getByLabel('统一社会信用代码').fill(creditCode)
  await page.getByLabel('单位名称').fill('新来建设有限公司')
  await page.getByLabel('所在行政区划').selectOption('350102')
  await page.getByLabel('地址').fill('鼓楼区新路 1 号')
  await page.getByLabel('联系人').fill('王新')
  await page.getByLabel('联系电话').fill('0591-1234567')
  await page.getByLabel('投标人', { exact: true }).check()
  await page.getByLabel('登录名').fill(login)
  await page.getByLabel('姓名', { exact: true }).fill('王新')
  await page.getByLabel('手机', { exact: true }).fill('13800000000')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByLabel('再次输入密码').fill(password)
}

test('an organisation registers on a phone; a wrong code is named at its field and nothing typed is lost', async () => {
  const { page, go, complaints } = await story.visitor({ width: 390 })
  await go('/register')
  await wellMade(page)
  const right = aCreditCode()
  await fillRegistration(page, right.slice(0, 17) + (right.endsWith('0') ? '1' : '0'), 'newcomer')
  await page.getByRole('button', { name: '注册机构' }).click()
  await page.getByRole('alert').getByText('校验不通过').first().waitFor()
  expect(await page.getByLabel('单位名称').inputValue()).toBe('新来建设有限公司')
  await wellMade(page)
  await page.getByLabel('统一社会信用代码').fill(right)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByLabel('再次输入密码').fill(password)
  await page.getByRole('button', { name: '注册机构' }).click()
  await page.waitForURL('**/bidder')
  await wellMade(page)
  expect(complaints).toEqual([])
})

for (const algorithm of ['P-256', 'RSA 2048', 'SM2']) {
  test(`somebody makes a key in the browser, keeps it as a file and signs in with it: ${algorithm}`, async () => {
    const { page, complaints } = await story.signedIn('bidder3')
    await page.goto('/account/certificates')
    await page.getByLabel(algorithm).check()
    await page.getByLabel('证书文件密码').fill(password)
    await page.getByRole('button', { name: '生成密钥并签发证书' }).click()
    const link = page.getByRole('link', { name: '保存证书文件' })
    await link.waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const file = join(story.dataDir, `${algorithm}.p12`)
    await download.saveAs(file)
    await wellMade(page)
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.getByRole('link', { name: '登录' }).first().waitFor()
    await page.goto('/sign-in?next=%2Faccount')
    await page.getByLabel('证书文件', { exact: true }).setInputFiles(file)
    await page.getByLabel('证书文件密码').fill('not this one')
    await page.getByRole('button', { name: '用证书登录' }).click()
    await page.getByText('密码不正确，或文件已损坏').waitFor()
    await page.getByLabel('证书文件密码').fill(password)
    await page.getByRole('button', { name: '用证书登录' }).click()
    await page.waitForURL('**/account')
    expect(complaints).toEqual([])
  })
}

test('a revoked certificate opens nothing, and the page says why', async () => {
  const { page } = await story.signedIn('bidder3')
  await page.goto('/account/certificates')
  for (let left = await page.getByRole('link', { name: '吊销' }).count(); left > 0; left--) {
    await page.getByRole('link', { name: '吊销' }).first().click()
    await page.getByRole('button', { name: '吊销证书' }).click()
    await page.getByText('请先勾选确认').first().waitFor()
    await page.getByRole('checkbox').check()
    await page.getByRole('button', { name: '吊销证书' }).click()
    await page.waitForURL('**/account/certificates')
  }
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('link', { name: '登录' }).first().waitFor()
  await page.goto('/sign-in')
  await page.getByLabel('证书文件', { exact: true }).setInputFiles(join(story.dataDir, 'P-256.p12'))
  await page.getByLabel('证书文件密码').fill(password)
  await page.getByRole('button', { name: '用证书登录' }).click()
  await page.getByRole('alert').getByText('吊销').waitFor()
  expect(await page.getByRole('button', { name: '退出登录' }).count()).toBe(0)
})

test('without scripts a newcomer takes a part with one press, and the page asked for opens after signing in', async () => {
  const context = await story.browser.newContext({ baseURL: story.url, javaScriptEnabled: false, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto('/supervisor')
  expect(new URL(page.url()).search).toBe('?next=%2Fsupervisor')
  await page.getByRole('button', { name: /登录\s*为 supervisor$/ }).click()
  expect(new URL(page.url()).pathname).toBe('/supervisor')
  await page.goto('/account/tokens')
  await page.getByLabel('用途').fill('核验程序')
  await page.getByRole('button', { name: '签发令牌' }).click()
  await page.getByRole('status').getByText('tbid_').first().waitFor()
  expect(await page.getByRole('status').getByText('tbid_').count()).toBe(1)
})

test('a person at another desk is told so, and account pages are accessible', async () => {
  const { page } = await story.signedIn('agency', { width: 390 })
  expect((await page.goto('/supervisor'))?.status()).toBe(403)
  await page.getByText('没有此项权限').first().waitFor()
  for (const path of ['/sign-in', '/agency', '/account', '/account/tokens', '/account/members', '/account/memberships']) {
    await page.goto(path)
    await wellMade(page)
  }
})
