// One bidder's keys are on a USB key, another's stay in its browser: both sign in, hand in a bid and release at the opening.
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signIn } from '@/bin/client/api'
import { creditCode } from '@/bin/client/credit-code'
import { listCustody, releaseCustody } from '@/bin/client/custodian'
import { ownUnwrap } from '@/bin/client/keys'
import { releaseWith } from '@/bin/client/release'
import { connect } from '@/bin/party/api'
import { openKeep } from '@/bin/party/store'
import { pinnedLog, registerWitness, witnessKey, witnessStep } from '@/bin/party/witness'
import { startToken, type Token } from '@/bin/token/token'
import { announce, type Cast, type ChaosLot, handInBids, makeCast, prepareLot } from '@/tests/chaos/cast'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

const pin = '246810'
let story: Story
let folder: string
let port: number
let token: Token
let cast: Cast
let lot: ChaosLot
let cosigning: NodeJS.Timeout | undefined
let withToken: Visitor
let withBrowser: Visitor

const shots = process.env.SHOTS
const shoot = async (page: Page, name: string) => shots && page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })

async function wellMade(page: Page, name: string): Promise<void> {
  await shoot(page, name)
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

/** The site has to know the address before the middleware runs there. */
const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

async function startWitness(): Promise<NodeJS.Timeout> {
  const account = await signIn(story.url, 'witness', 'demo-2026')
  const [api, keep] = [connect(story.url, account.token), openKeep(join(folder, 'witness'))]
  const [log, key] = [await pinnedLog(api, keep), witnessKey(keep, 'story.witness')]
  await registerWitness(api, keep, key)
  return setInterval(() => void witnessStep(api, keep, key, log).catch(() => {}), 300)
}

beforeAll(async () => {
  if (shots) mkdirSync(shots, { recursive: true })
  port = await freePort()
  story = await startStory({ USB_KEY_URLS: `http://127.0.0.1:${port}` })
  folder = join(story.dataDir, 'parties')
  cosigning = await startWitness()
  cast = await makeCast({ url: story.url, folder })
}, 300_000)
afterAll(async () => {
  clearInterval(cosigning)
  await token?.close()
  await story?.close()
})

const choose = (page: Page, source: '文件证书' | '浏览器密钥' | 'USB Key') =>
  page.getByRole('radio', { name: new RegExp(`^${source}`) }).check()

async function useToken(page: Page, typed = pin): Promise<void> {
  await choose(page, 'USB Key')
  await page.getByLabel('USB Key PIN').fill(typed)
}

test('every way in which a USB key may fail is told in words, and then it signs its owner in', async () => {
  withToken = await story.visitor()
  const { page, go } = withToken
  await go('/')
  await page.getByRole('link', { name: '登录' }).first().click()
  await choose(page, 'USB Key')
  await page.getByRole('link', { name: '重新打开本页' }).click()
  const attempt = async (said: string, typed = pin) => {
    await useToken(page, typed)
    await page.getByRole('button', { name: '用证书登录' }).click()
    await page.getByRole('alert').getByText(said).first().waitFor()
  }
  await attempt('控件没有运行')
  await wellMade(page, 'keys-1-no-middleware')
  const file = new Uint8Array(readFileSync(join(folder, 'bidder1.p12')))
  token = await startToken({ file, password: 'demo-2026', pin, port })
  token.remove()
  await attempt('请插入 USB Key')
  token.insert()
  await attempt('还可再试 2 次', '000000')
  await page.setViewportSize({ width: 390, height: 844 })
  await wellMade(page, 'keys-1-wrong-pin-390')
  await page.setViewportSize({ width: 1280, height: 900 })
  await useToken(page)
  await page.getByRole('button', { name: '用证书登录' }).click()
  await page.waitForURL('**/bidder')
  // Nothing listened there at first: the browser says so in its console, as it should.
  withToken.complaints.length = 0
})

test('a key made in the browser cannot be exported, and signs its owner in', async () => {
  withBrowser = await story.signedIn('bidder2', { width: 390, height: 844 })
  const { page, go } = withBrowser
  await go('/account/certificates')
  await page.getByRole('radio', { name: /^SM2/ }).check()
  await choose(page, '浏览器密钥')
  await page.getByRole('button', { name: '生成密钥并签发证书' }).click()
  await page.getByRole('alert').getByText('浏览器密钥不支持国密').first().waitFor()
  await page.getByRole('radio', { name: /^P-256/ }).check()
  await page.getByRole('button', { name: '生成密钥并签发证书' }).click()
  await page.getByText('签名与加密两个密钥保存在本浏览器中').waitFor()
  await wellMade(page, 'keys-2-made-390')
  const isExtractable = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>(resolve => {
      const opening = indexedDB.open('tender-keys', 1)
      opening.onsuccess = () => resolve(opening.result)
    })
    const rows = await new Promise<{ key: CryptoKey }[]>(resolve => {
      const asked = db.transaction('key').objectStore('key').getAll()
      asked.onsuccess = () => resolve(asked.result)
    })
    return rows.map(row => row.key.extractable)
  })
  expect(isExtractable).toEqual([false, false])
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('link', { name: '登录' }).first().waitFor()
  await go('/sign-in')
  await choose(page, '浏览器密钥')
  await page.locator('#f-keySet').waitFor()
  await wellMade(page, 'keys-2-sign-in-390')
  await page.getByRole('button', { name: '用证书登录' }).click()
  await page.waitForURL('**/bidder')
})

async function handIn(page: Page, price: string): Promise<void> {
  await page.getByLabel('投标报价').fill(price)
  await page.getByLabel('工期（服务期）').fill('180')
  await page.getByLabel('质量承诺').fill('合格')
  await page.getByLabel('项目负责人').fill('王工')
  const buffer = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100_000, 0x20), Buffer.from('\n%%EOF\n')])
  await page.locator('#f-technical').setInputFiles({ name: '技术标.pdf', mimeType: 'application/pdf', buffer })
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByRole('button', { name: '递交投标文件' }).click({ timeout: 60_000 })
  await page.getByText('递交投标文件：已送达').waitFor({ timeout: 60_000 })
}

test('a bid is sealed and signed with the USB key, another with the key in the browser', async () => {
  const kind = { mode: 'both', envelopes: 1 } as const
  const id = await prepareLot(cast, creditCode('350102', 820_001), kind)
  const byOthers = { ...cast, bidders: cast.bidders.slice(2) }
  lot = await announce(byOthers, id, kind, new Date(Math.ceil(Date.now() / 1000 + 80) * 1000))
  await handInBids(byOthers, lot)
  const { page } = withToken
  await withToken.go(`/bidder/lots/${id}`)
  await page.getByRole('link', { name: '密封并递交' }).click()
  await useToken(page, '111111')
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByRole('alert').getByText('请填写投标报价').first().waitFor()
  expect(await page.getByLabel('USB Key PIN').inputValue()).toBe('111111')
  await page.getByLabel('USB Key PIN').fill(pin)
  await wellMade(page, 'keys-3-seal')
  const before = token.asked.length
  await handIn(page, '9,111,111.11')
  expect(token.asked.slice(before)).toEqual(['hello', 'list', 'sign', 'sign'])
  await withBrowser.go(`/bidder/lots/${id}/submission`)
  await choose(withBrowser.page, '浏览器密钥')
  await withBrowser.page.locator('#f-keySet').waitFor()
  await wellMade(withBrowser.page, 'keys-3-seal-390')
  await handIn(withBrowser.page, '9,222,222.22')
}, 240_000)

test('a new encryption certificate brings the advice to seal again, on its own page and on the lot’s', async () => {
  const { page, go } = withToken
  await go('/account/certificates')
  expect(await page.getByText('加密证书已更换').count()).toBe(0)
  await page.getByLabel('证书文件密码').fill('a-long-password')
  await page.getByRole('button', { name: '生成密钥并签发证书' }).click()
  await page.getByText('加密证书已更换').waitFor()
  await wellMade(page, 'keys-4-seal-again')
  await go(`/bidder/lots/${lot.id}`)
  await page.getByText('仍按原加密证书加锁').waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  await wellMade(page, 'keys-4-seal-again-390')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('link', { name: '重新密封并替换' }).click()
  await page.getByRole('button', { name: '密封并上传' }).waitFor()
})

test('at the opening each releases with the same key, and every price is read', async () => {
  const { page } = withToken
  for (const one of [withToken, withBrowser]) await one.go(`/lots/${lot.id}/opening`)
  await page.getByText('密钥释放截止').waitFor({ timeout: 200_000 })
  await withBrowser.page.getByText('密钥释放截止').waitFor({ timeout: 60_000 })
  await useToken(page, '000000')
  await page.getByRole('button', { name: '释放本标段密钥' }).click()
  await page.getByRole('alert').getByText('还可再试 2 次').first().waitFor({ timeout: 60_000 })
  await wellMade(page, 'keys-5-release')
  await page.getByLabel('USB Key PIN').fill(pin)
  await page.getByRole('button', { name: '释放本标段密钥' }).click()
  await page.getByText('已释放 1 份密钥').waitFor({ timeout: 60_000 })
  expect(token.asked.slice(-3)).toEqual(['list', 'open', 'sign'])
  await choose(withBrowser.page, '浏览器密钥')
  await withBrowser.page.locator('#f-keySet').waitFor()
  await wellMade(withBrowser.page, 'keys-5-release-390')
  await withBrowser.page.getByRole('button', { name: '释放本标段密钥' }).click()
  await withBrowser.page.getByText('已释放 1 份密钥').waitFor({ timeout: 60_000 })
  for (const party of cast.bidders.slice(2)) await releaseWith(party, lot.id, await ownUnwrap(party.keys))
  for (const party of cast.custodians.slice(0, 2)) {
    const item = (await listCustody(party)).find(one => one.lotId === lot.id)!
    await releaseCustody(party, item)
  }
  await page.getByText('唱标结束').waitFor({ timeout: 90_000 })
  for (const price of ['9,111,111.11', '9,222,222.22']) expect(await page.getByRole('table').getByText(price).count()).toBe(1)
  const { page: phone } = withBrowser
  await withBrowser.go('/account/certificates')
  await phone.getByRole('button', { name: /^删除/ }).click()
  await wellMade(phone, 'keys-6-delete-390')
  await phone.getByRole('button', { name: '确认删除' }).click()
  await phone.getByText('本浏览器中没有密钥').waitFor()
  expect([...withToken.complaints, ...withBrowser.complaints]).toEqual([])
}, 400_000)
