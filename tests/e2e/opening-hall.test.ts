import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signIn } from '@/bin/client/api'
import { creditCode } from '@/bin/client/credit-code'
import { listCustody, releaseCustody } from '@/bin/client/custodian'
import { answerRecord } from '@/bin/client/opening'
import { connect } from '@/bin/party/api'
import { openKeep } from '@/bin/party/store'
import { pinnedLog, registerWitness, witnessKey, witnessStep } from '@/bin/party/witness'
import { checkPdf } from '@/crypto/pdfsign'
import { aLot, type Cast, type ChaosLot, makeCast } from '@/tests/chaos/cast'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let folder: string
let cast: Cast
let lot: ChaosLot
let watcher: Visitor
let phone: Visitor
let cosigning: NodeJS.Timeout | undefined

const hall = () => `/lots/${lot.id}/opening`
const shots = process.env.SHOTS
const shoot = async (page: Page, name: string) => shots && page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })

/** The witness, as its own process would: every 300 ms what is new is cosigned. */
async function startWitness(): Promise<NodeJS.Timeout> {
  const { token } = await signIn(story.url, 'witness', 'demo-2026')
  const [api, keep] = [connect(story.url, token), openKeep(join(folder, 'witness'))]
  const [log, key] = [await pinnedLog(api, keep), witnessKey(keep, 'story.witness')]
  await registerWitness(api, keep, key)
  return setInterval(() => void witnessStep(api, keep, key, log).catch(() => {}), 300)
}

beforeAll(async () => {
  if (shots) mkdirSync(shots, { recursive: true })
  story = await startStory()
  folder = join(story.dataDir, 'parties')
  cosigning = await startWitness()
  cast = await makeCast({ url: story.url, folder })
  lot = await aLot(cast, creditCode('350102', 810_001), 'custody', 40)
  watcher = await story.visitor()
  phone = await story.visitor({ width: 390, height: 844 })
}, 300_000)
afterAll(async () => {
  clearInterval(cosigning)
  await story?.close()
})

test('before the deadline the hall tells the time and that nobody may see anything', async () => {
  for (const one of [watcher, phone]) await one.go(hall())
  await watcher.page.getByText('开标前任何人（包括平台）不可见').waitFor()
  expect(await watcher.page.getByText('投标人名单').count()).toBe(0)
  expect(await axe(watcher.page)).toEqual([])
  expect(await overflow(phone.page)).toBe(0)
  await shoot(watcher.page, 'hall-1-scheduled')
})

test('at the deadline the lot closes by itself and the page follows without a reload', async () => {
  await watcher.page.getByText('公布投标人名单，共 4 个').waitFor({ timeout: 90_000 })
  await watcher.page.getByText('密钥释放截止').waitFor({ timeout: 30_000 })
  await shoot(watcher.page, 'hall-2-releasing')
})

test('a custodian releases the lot’s keys with one action from its own browser', async () => {
  const custodian = await story.signedIn('custodian1')
  await custodian.go(hall())
  expect(await axe(custodian.page)).toEqual([])
  await shoot(custodian.page, 'hall-3-custodian')
  await custodian.page.locator('#f-keyFile').setInputFiles(join(folder, 'custodian1.p12'))
  await custodian.page.locator('#f-filePassword').fill('wrong')
  await custodian.page.getByRole('button', { name: '释放本标段密钥' }).click()
  await custodian.page.getByText('密码不正确').waitFor()
  await custodian.page.locator('#f-filePassword').fill('demo-2026')
  await custodian.page.getByRole('button', { name: '释放本标段密钥' }).click()
  await custodian.page.getByText('已释放 4 份密钥').waitFor({ timeout: 60_000 })
  expect(custodian.complaints).toEqual([])
})

test('with the second custodian every price is read out on every page', async () => {
  const second = cast.custodians[1]!
  const item = (await listCustody(second)).find(one => one.lotId === lot.id)!
  expect((await releaseCustody(second, item))!.refused).toEqual([])
  for (const { page } of [watcher, phone]) await page.getByText('唱标结束').waitFor({ timeout: 60_000 })
  for (const price of ['9,000,000.00', '9,010,000.01', '9,020,000.02', '9,030,000.03']) {
    expect(await watcher.page.getByRole('table').getByText(price).count()).toBe(1)
  }
  expect(await axe(watcher.page)).toEqual([])
  expect(await overflow(phone.page)).toBe(0)
  await shoot(watcher.page, 'hall-4-read')
  await shoot(phone.page, 'hall-4-read-390')
})

test('a bidder signs that it has no objection, and without scripts the page is whole', async () => {
  const bidder = await story.signedIn('bidder1')
  await bidder.go(hall())
  await bidder.page.locator('#f-keyFile').setInputFiles(join(folder, 'bidder1.p12'))
  await bidder.page.locator('#f-filePassword').fill('demo-2026')
  await shoot(bidder.page, 'hall-5-bidder')
  await bidder.page.getByRole('button', { name: '签署并提交意见' }).click()
  await watcher.page.getByText('1 号投标人：无异议').waitFor({ timeout: 30_000 })
  const plain = await story.browser.newContext({
    baseURL: story.url,
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  })
  const page = await plain.newPage()
  await page.goto(hall())
  expect(await page.getByRole('table').innerText()).toContain('9,030,000.03')
  await plain.close()
})

test('with every answer in, the signed record is published and can be had by anybody', async () => {
  for (const party of cast.bidders.slice(1)) await answerRecord(party, lot.id, 'no-objection')
  const link = watcher.page.getByRole('link', { name: '下载开标记录' })
  await link.waitFor({ timeout: 60_000 })
  const pdf = new Uint8Array(await (await fetch(story.url + (await link.getAttribute('href')))).arrayBuffer())
  expect(checkPdf(pdf)).toMatchObject([{ ok: true, coversFile: true }])
  await shoot(watcher.page, 'hall-6-recorded')
  await watcher.go(`/lots/${lot.id}/screen`)
  await watcher.page.getByText('9,030,000.03').waitFor()
  expect(await axe(watcher.page)).toEqual([])
  await shoot(watcher.page, 'hall-7-screen')
  expect(watcher.complaints).toEqual([])
  expect(phone.complaints).toEqual([])
})
