import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signPolicy } from '@/bin/client/agency'
import { cosignPolicy, giveLotKey, listCustody } from '@/bin/client/custodian'
import { type Party, partyOf } from '@/bin/client/party'
import { localOf } from '~/shared/time'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let agency: Visitor
let lotUrl: string
let noticeUrl: string

beforeAll(async () => {
  story = await startStory()
  agency = await story.signedIn('agency')
})
afterAll(() => story?.close())

async function wellMade(page: Page): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

const aPdf = (name: string) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n招标文件\n%%EOF\n') })

const party = (login: string): Promise<Party> => partyOf(story.url, login, 'demo-2026', join(story.dataDir, 'parties'))

test('an agency makes a project; a wrong credit code is told at its field and nothing typed is lost', async () => {
  const { page, go } = agency
  await go('/agency/projects')
  await page.getByRole('link', { name: '建立招标项目' }).click()
  await page.getByLabel('项目名称').fill('望江公园健身步道工程')
  await page.getByLabel('规则版本').selectOption('works.open-tender@2026.1-drill')
  await page.getByLabel('行政区划').selectOption('350102')
  await page.getByLabel('行业').selectOption('construction')
  await page.getByLabel('资金来源').fill('财政资金')
  await page.getByLabel('项目规模').fill('步道 2.6 公里')
  await page.getByLabel('招标人（采购人）名称').fill('鼓楼区园林中心')
  await page.getByLabel('统一社会信用代码').fill('91350100M000100Y44')
  await page.getByLabel('联系人').fill('李工')
  await page.getByLabel('联系电话').fill('0591-87654321')
  await page.getByRole('button', { name: '建立招标项目' }).click()
  await page.getByRole('alert').getByText('校验不通过').waitFor()
  expect(await page.getByLabel('项目名称').inputValue()).toBe('望江公园健身步道工程')
  await wellMade(page)
  await page.getByLabel('统一社会信用代码').fill('91350100M000100Y43')
  await page.getByRole('button', { name: '建立招标项目' }).click()
  await page.waitForURL(/\/agency\/projects\/[0-9a-f-]{36}$/)
  await wellMade(page)
})

test('the agency adds a lot whose points must add up, and names custodians none of whom can open alone', async () => {
  const { page } = agency
  await page.getByRole('link', { name: '添加标段' }).click()
  await page.getByLabel('标段名称').fill('第一标段 步道施工')
  await page.getByLabel('招标内容').fill('步道、护栏及照明')
  await page.getByLabel('投标人资格条件').fill('市政三级及以上')
  await page.getByLabel('最高投标限价').fill('3,600,000.00')
  await page.getByLabel('价格权重').fill('50')
  await page.getByRole('button', { name: '添加标段' }).click()
  await page.getByRole('alert').getByText('应为 100 分').waitFor()
  await page.getByLabel('价格权重').fill('60')
  await page.getByRole('button', { name: '添加标段' }).click()
  await page.waitForURL(/\/agency\/lots\/[0-9a-f-]{36}$/)
  lotUrl = new URL(page.url()).pathname
  await wellMade(page)
  await page.getByRole('link', { name: '指定保管人' }).click()
  for (const [i, name] of ['安信', '监督', '公证'].entries()) {
    const option = page.locator(`#f-custodian${i} option`, { hasText: name }).first()
    await page.locator(`#f-custodian${i}`).selectOption((await option.getAttribute('value')) ?? '')
  }
  await page.locator('#f-group1').selectOption('third')
  await page.getByRole('button', { name: '指定保管人' }).click()
  await page.getByRole('alert').getByText('可以单独打开投标文件').waitFor()
  await wellMade(page)
  await page.locator('#f-group1').selectOption('supervisor')
  await page.getByRole('button', { name: '指定保管人' }).click()
  await page.waitForURL(`**${lotUrl}`)
  await page.getByText('待密钥').first().waitFor()
})

async function signPolicyByAll(): Promise<void> {
  const lotId = lotUrl.split('/').at(-1)!
  const keepers = await Promise.all(['custodian1', 'custodian2', 'custodian3'].map(party))
  const itemOf = async (keeper: Party) => (await listCustody(keeper)).find(item => item.lotId === lotId)!
  for (const keeper of keepers) await giveLotKey(keeper, await itemOf(keeper))
  await signPolicy(await party('agency'), lotId)
  for (const keeper of keepers) await cosignPolicy(keeper, await itemOf(keeper))
}

test('a document that is not what it says is refused; the right one waits for the notice', async () => {
  await signPolicyByAll()
  const { page, go } = agency
  await go(`${lotUrl}/documents`)
  await page.getByLabel('文件', { exact: true }).setInputFiles({ ...aPdf('假.pdf'), buffer: Buffer.from('MZ') })
  await page.getByRole('button', { name: '上传招标文件' }).click()
  await page.getByRole('alert').getByText('类型与要求不符').waitFor()
  await page.getByLabel('文件', { exact: true }).setInputFiles(aPdf('招标文件（定稿）.pdf'))
  await page.getByRole('button', { name: '上传招标文件' }).click()
  await page.getByText('随下一次公告公开').waitFor()
  await wellMade(page)
})

test('dates shorter than the rules allow are refused with the article; lawful ones open the bidding', async () => {
  const { page, go } = agency
  await go(`${lotUrl}/notice`)
  await page.getByLabel('投标截止时间').fill('2020-01-01T09:30')
  await page.getByRole('button', { name: '发布招标公告' }).click()
  await page.getByRole('alert').getByText('《招标投标法》第二十四条').waitFor()
  await wellMade(page)
  await page.getByLabel('投标截止时间').fill(localOf(new Date(Date.now() + 600_000)).slice(0, 16))
  await page.getByRole('button', { name: '发布招标公告' }).click()
  await page.waitForURL(/\/notices\/[0-9a-f-]{36}$/)
  noticeUrl = new URL(page.url()).pathname
  await page.getByText('投标中').first().waitFor()
  await wellMade(page)
  expect(agency.complaints).toEqual([])
})

test('anybody finds the notice on a phone without signing in, and downloads the document', async () => {
  const { page, go, complaints } = await story.visitor({ width: 390 })
  await go('/?q=健身步道')
  await wellMade(page)
  await page
    .getByRole('link', { name: /望江公园健身步道工程/ })
    .first()
    .click()
  await page.waitForURL(`**${noticeUrl}`)
  await wellMade(page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '招标文件', exact: true }).click(),
  ])
  expect(download.suggestedFilename()).toBe('招标文件（定稿）.pdf')
  await page
    .getByRole('link', { name: /第一标段 步道施工/ })
    .first()
    .click()
  await page.getByText('开标前任何人（包括平台）不可见').waitFor()
  await wellMade(page)
  await go('/?q=没有这样的词')
  await page.getByText('没有符合条件的公告').waitFor()
  expect(complaints).toEqual([])
})

test('the notice is read without scripts, in the feed, in the calendar, and proved by the log', async () => {
  const context = await story.browser.newContext({ javaScriptEnabled: false, baseURL: story.url })
  const page = await context.newPage()
  await page.goto(noticeUrl)
  expect(await page.locator('main').innerText()).toContain('法定期限内向招标人')
  expect(await page.content()).not.toContain('\ufffd')
  const feed = await (await fetch(`${story.url}/feed.atom?kind=works`)).text()
  expect(feed).toContain(noticeUrl)
  const calendar = await (await fetch(`${story.url}${noticeUrl}/calendar.ics`)).text()
  expect(calendar).toContain('BEGIN:VEVENT')
  await expect
    .poll(async () => (await fetch(`${story.url}/api/v1${noticeUrl}/proof`)).status, { timeout: 90_000, interval: 1000 })
    .toBe(200)
  await context.close()
})

test('a change notice says that bids must be confirmed, and the former notice points to it', async () => {
  const { page, go } = agency
  await go(`${lotUrl}/correction`)
  await page.getByLabel('变更内容').fill('工期由 90 日历天改为 100 日历天。')
  await page.getByLabel('可能影响投标文件编制').check()
  await wellMade(page)
  await page.getByRole('button', { name: '发布变更公告' }).click()
  await page.waitForURL(/\/notices\/[0-9a-f-]{36}$/)
  await go(noticeUrl)
  await page.getByText('已有变更').waitFor()
})

test('a lot is ended only by a confirmation that names it, and says why in public', async () => {
  const { page, go } = agency
  await go(`${lotUrl}/termination`)
  await wellMade(page)
  await page.getByLabel('终止原因').fill('项目规划调整')
  await page.getByRole('button', { name: '终止标段' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel(/我已核对/).check()
  await page.getByRole('button', { name: '终止标段' }).click()
  await page.getByText('已终止').first().waitFor()
  await go('/?stage=termination')
  await page
    .getByRole('link', { name: /终止公告/ })
    .first()
    .waitFor()
  expect(agency.complaints).toEqual([])
})
