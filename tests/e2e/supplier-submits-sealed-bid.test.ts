import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLot, createProject, nameCustodians, publishDocument, publishNotice, readLot } from '@/bin/client/agency'
import { cosignPolicy, giveLotKey, listCustody } from '@/bin/client/custodian'
import { certifiedKeys } from '@/bin/client/keys'
import { type Party, partyOf } from '@/bin/client/party'
import { readAnchors } from '@/crypto/anchors'
import { readKeepsake } from '@/crypto/keepsake'
import { verifyReceipt } from '@/crypto/receipt'
import { lotJson, projectInput } from '@/tests/factories/lot'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let agency: Party
let keepers: Party[]
let bidder: Visitor
let lotId: string

const folder = () => join(story.dataDir, 'parties')
const party = (login: string): Promise<Party> => partyOf(story.url, login, 'demo-2026', folder())
const keyFile = (login: string) => join(folder(), `${login}.p12`)
const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(size, 0x20), Buffer.from('\n%%EOF\n')])

async function wellMade(page: Page): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

async function giveKey(page: Page, login: string): Promise<void> {
  await page.locator('#f-keyFile').setInputFiles(keyFile(login))
  await page.locator('#f-password').fill('demo-2026')
}

beforeAll(async () => {
  story = await startStory()
  agency = await party('agency')
  keepers = [await party('custodian1'), await party('custodian2'), await party('custodian3')]
  const project = await createProject(agency.api, projectInput())
  lotId = (await createLot(agency.api, project.id, lotJson({ releaseMode: 'both', releaseSeconds: 600 }))).id
  const groups = ['tenderer-side', 'supervisor', 'third']
  const named = keepers.map((keeper, i) => ({ organisationId: keeper.organisationId, interestGroup: groups[i]! }))
  await nameCustodians(agency.api, lotId, named)
  await party('bidder1')
  bidder = await story.signedIn('bidder1')
})
afterAll(() => story?.close())

test('a custodian makes its key in the browser, the agency signs the policy, the custodian cosigns', async () => {
  const keeper = await story.signedIn('custodian1')
  await keeper.page.getByRole('link', { name: '第一标段' }).first().click()
  await keeper.page.getByRole('link', { name: '登记本标段密钥' }).click()
  await giveKey(keeper.page, 'custodian1')
  await keeper.page.locator('#f-password').fill('wrong')
  await keeper.page.getByRole('button', { name: '登记本标段密钥' }).click()
  await keeper.page.getByRole('alert').getByText('密码不正确').waitFor()
  await wellMade(keeper.page)
  await keeper.page.locator('#f-password').fill('demo-2026')
  await keeper.page.getByRole('button', { name: '登记本标段密钥' }).click()
  await keeper.page.getByText('已登记').waitFor()
  for (const other of keepers.slice(1)) await giveLotKey(other, (await listCustody(other)).find(item => item.lotId === lotId)!)
  const host = await story.signedIn('agency')
  await host.go(`/agency/lots/${lotId}/policy`)
  await giveKey(host.page, 'agency')
  await wellMade(host.page)
  await host.page.getByRole('button', { name: '签署密封策略' }).click()
  await host.page.getByText('已签署。').waitFor()
  for (const other of keepers.slice(1)) await cosignPolicy(other, (await listCustody(other)).find(item => item.lotId === lotId)!)
  await keeper.go(`/custodian/lots/${lotId}/cosignature`)
  await giveKey(keeper.page, 'custodian1')
  await keeper.page.getByRole('button', { name: '会签密封策略' }).click()
  await keeper.page.getByText('已会签。').waitFor()
  expect((await readLot(agency.api, lotId)).state).toBe('ready')
  expect([...keeper.complaints, ...host.complaints]).toEqual([])
  await publishDocument(agency.api, lotId, '招标文件', { bytes: pdf(100), name: '招标文件.pdf' })
  await publishNotice(agency.api, lotId, {
    title: '招标公告',
    body: '公开招标。',
    biddingEndsAt: new Date(Date.now() + 1_200_000),
  })
})

test('a supplier fills the form; a price above the ceiling and a missing file are told at their fields', async () => {
  const { page, go } = bidder
  await go('/bidder')
  await page.getByRole('link', { name: '第一标段' }).first().click()
  await wellMade(page)
  await page.getByRole('link', { name: '密封并递交' }).click()
  await page.getByLabel('投标报价').fill('99000000')
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByRole('alert').getByText('高于最高投标限价').waitFor()
  await page.getByRole('alert').getByText('请选择技术标').waitFor()
  await wellMade(page)
})

async function fillBid(page: Page, price: string): Promise<void> {
  await page.getByLabel('投标报价').fill(price)
  await page.getByLabel('工期（服务期）').fill('180')
  await page.getByLabel('质量承诺').fill('合格')
  await page.getByLabel('项目负责人').fill('王工')
  await page.locator('#f-technical').setInputFiles({ name: '技术标.pdf', mimeType: 'application/pdf', buffer: pdf(9_000_000) })
  await giveKey(page, 'bidder1')
}

async function save(page: Page, name: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).first().click()])
  return readFileSync(await file.path())
}

const download = async (page: Page, name: string): Promise<unknown> => JSON.parse((await save(page, name)).toString())

test('the bid is sealed and uploaded by the worker, committed in one press, and its receipt holds', async () => {
  const { page } = bidder
  await fillBid(page, '9,876,543.21')
  await page.getByText('玖佰捌拾柒万陆仟伍佰肆拾叁元贰角壹分').waitFor()
  const spare = await certifiedKeys((await party('bidder1')).api)
  const chooseSpare = (der: Uint8Array) =>
    page.locator('#f-spare').setInputFiles({ name: '备用.cer', mimeType: 'application/pkix-cert', buffer: Buffer.from(der) })
  await chooseSpare(spare.encrypt.certificate.subarray(0, 100))
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByText('备用证书不能用').waitFor({ timeout: 60_000 })
  await chooseSpare(spare.encrypt.certificate)
  await giveKey(page, 'bidder1')
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByText('已准备好，尚未递交').waitFor({ timeout: 120_000 })
  await wellMade(page)
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, 'keepsake.png'), fullPage: true })
  const keepsake = readKeepsake((await save(page, '下载补录凭据')).toString())
  expect(keepsake.lot).toBe(lotId)
  expect(keepsake.files.map(file => file.role).sort()).toEqual(['price', 'technical'])
  await page.getByRole('button', { name: '递交投标文件' }).click()
  await page.getByText('递交投标文件：已送达').waitFor({ timeout: 60_000 })
  const receipt = await download(page, '下载回执')
  const checks = verifyReceipt(receipt, readAnchors(await agency.api.get('/anchors')))
  expect(checks.filter(check => check.result === 'broken')).toEqual([])
  expect(checks.filter(check => check.result === 'holds').map(check => check.name)).toContain('log-signature')
  await page.getByRole('link', { name: '返回本标段' }).click()
  await page.getByText('已送达').first().waitFor()
  await wellMade(page)
}, 240_000)

test('a file that is no PDF is not sealed; the bid is replaced, then withdrawn, each with its receipt', async () => {
  const { page } = bidder
  await page.getByRole('link', { name: '替换投标文件' }).click()
  await fillBid(page, '9,000,000')
  await page
    .locator('#f-technical')
    .setInputFiles({ name: '技术标.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ not a pdf') })
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByText('文件不是 PDF').waitFor()
  await page.locator('#f-technical').setInputFiles({ name: '技术标.pdf', mimeType: 'application/pdf', buffer: pdf(1000) })
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByRole('button', { name: '替换投标文件' }).click({ timeout: 120_000 })
  await page.getByText('替换投标文件：已送达').waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: '返回本标段' }).click()
  await page.getByRole('link', { name: '撤回投标文件' }).click()
  await giveKey(page, 'bidder1')
  await page.getByRole('button', { name: '在本机签名' }).click()
  await page.getByRole('button', { name: '撤回投标文件' }).click({ timeout: 60_000 })
  await page.getByText('撤回投标文件：已送达').waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: '返回本标段' }).click()
  await page.getByText('第 3 次').waitFor()
  expect(await overflow(page)).toBe(0)
  expect(bidder.complaints).toEqual([])
}, 240_000)
