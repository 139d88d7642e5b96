import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyInclusion } from '@/crypto/merkle'
import { ledgerLeaf } from '@/crypto/tlog'
import { pdf } from '@/tests/factories/hall'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let citizen: Visitor
let caseUrl: string

beforeAll(async () => {
  story = await startStory()
  citizen = await story.signedIn('citizen', { width: 390 })
})
afterAll(() => story?.close())

async function wellMade(page: Page): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

const file = (name: string, content: Uint8Array) => {
  const path = join(story.dataDir, name)
  writeFileSync(path, content)
  return path
}

test('a citizen reads the guide and applies on a phone; a wrong file keeps what was typed', async () => {
  const { page } = citizen
  await citizen.go('/hall')
  await page.getByRole('link', { name: '评标专家入库初步审查' }).click()
  await page.getByRole('heading', { name: '材料清单' }).or(page.getByText('材料清单')).first().waitFor()
  await wellMade(page)
  await page.getByRole('link', { name: '在线申请' }).click()
  await page.getByLabel('申请人姓名或名称').fill('李民')
  await page.getByLabel('证件号码').fill('350102199001010011')
  await page.getByLabel('联系电话').fill('13800000017')
  await page.getByLabel('评标专家入库申请表').setInputFiles(file('申请表.txt', new Uint8Array([104, 105])))
  await page.getByLabel('高级职称证书').setInputFiles(file('职称证书.pdf', pdf))
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByText('类型与要求不符').waitFor()
  expect(await page.getByLabel('证件号码').inputValue()).toBe('350102199001010011')
  await page.getByLabel('评标专家入库申请表').setInputFiles(file('申请表.pdf', pdf))
  await page.getByLabel('高级职称证书').setInputFiles(file('职称证书.pdf', pdf))
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByText('最迟答复是否受理').waitFor()
  caseUrl = new URL(page.url()).pathname
  await wellMade(page)
})

test('one clerk accepts, another decides', async () => {
  const clerk = await story.signedIn('clerk')
  await clerk.page.getByRole('link', { name: '评标专家入库初步审查' }).click()
  await clerk.page.getByRole('link', { name: '答复是否受理' }).click()
  await clerk.page.getByRole('button', { name: '出具通知书' }).click()
  await clerk.page.getByRole('link', { name: '请选择受理决定' }).waitFor()
  await clerk.page.locator('input[name=decision][value=accept]').check()
  await clerk.page.getByRole('button', { name: '出具通知书' }).click()
  await clerk.page.getByText('须由另一名工作人员审批').waitFor()
  await wellMade(clerk.page)
  const other = await story.signedIn('clerk2')
  await wellMade(other.page)
  await other.page.getByRole('link', { name: '评标专家入库初步审查' }).click()
  await other.page.getByRole('link', { name: '作出审批决定' }).click()
  await other.page.locator('input[name=approve][value=true]').check()
  await other.page.getByLabel(/我已核对/).check()
  await other.page.getByRole('button', { name: '作出审批决定' }).click()
  await other.page.getByText('准予许可决定书').waitFor()
})

test('the citizen sees the decision, checks its proof and rates it', async () => {
  const { page } = citizen
  await citizen.go(caseUrl)
  await page.locator('summary', { hasText: '可核验' }).last().click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('link', { name: /下载证明/ })
      .last()
      .click(),
  ])
  const proof = JSON.parse(Buffer.concat(await (await download.createReadStream()).toArray()).toString())
  expect(proof.payload.action).toBe('hall.case.approve')
  const [, size, root] = proof.checkpoint.split('\n')
  const leaf = ledgerLeaf(Buffer.from(proof.salt, 'hex'), proof.payload)
  const bytes = (text: string, form: BufferEncoding) => new Uint8Array(Buffer.from(text, form))
  const path = proof.proof.map((hash: string) => bytes(hash, 'hex'))
  expect(verifyInclusion({ index: proof.idx, size: Number(size), leaf, proof: path, root: bytes(root, 'base64') })).toBe(true)
  await page.getByRole('link', { name: /准予许可决定书/ }).click()
  await page.getByRole('heading', { name: '准予许可决定书' }).first().waitFor()
  await wellMade(page)
  await citizen.go(caseUrl)
  await page.getByRole('link', { name: '评价本次办理' }).click()
  await page.getByLabel('非常满意').check()
  await page.getByRole('button', { name: '提交评价' }).click()
  await page.getByText('您的评价：非常满意').waitFor()
  expect(citizen.complaints).toEqual([])
})

test('a stranger is told that there is no such page', async () => {
  const bidder = await story.signedIn('bidder1')
  const response = await bidder.page.goto(caseUrl)
  expect(response?.status()).toBe(404)
  await bidder.page.getByRole('heading', { name: '没有找到此页' }).waitFor()
})
