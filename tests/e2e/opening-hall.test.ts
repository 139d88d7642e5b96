import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
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
import { root } from '@/bin/processes'
import { checkPdf } from '@/crypto/pdfsign'
import { aLot, type Cast, type ChaosLot, makeCast } from '@/tests/chaos/cast'
import { aLine, type Line } from '@/tests/setup/line'
import { axe, overflow } from './browser'
import { giveKey, press, write } from './keyboard'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let folder: string
let cast: Cast
let lot: ChaosLot
let watcher: Visitor
let phone: Visitor
let screen: Visitor
/** Whose line breaks while the opening goes on. */
let dropped: Visitor
let line: Line
/** How often the page on that line asked what its seat may do. The first time it is cut. */
let asked = 0
let host: Visitor
let supervisor: Visitor
let bidders: Visitor[]
let cosigning: NodeJS.Timeout | undefined

const hall = () => `/lots/${lot.id}/opening`
const keyFile = (login: string) => join(folder, `${login}.p12`)
const button = ({ page }: Visitor, name: string | RegExp) => page.getByRole('button', { name, exact: true })
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
  host = await story.signedIn('agency')
  supervisor = await story.signedIn('supervisor')
  bidders = [
    await story.signedIn('bidder1'),
    await story.signedIn('bidder2'),
    await story.signedIn('bidder3', { width: 390, height: 844 }),
  ]
  lot = await aLot(cast, creditCode('350102', 810_001), 'custody', 40)
  watcher = await story.visitor()
  phone = await story.visitor({ width: 390, height: 844 })
  screen = await story.visitor({ width: 1920, height: 1080 })
  dropped = await story.visitor()
  line = await aLine(story.url)
}, 300_000)
afterAll(async () => {
  clearInterval(cosigning)
  await line?.close()
  await story?.close()
})

test('before the deadline the hall tells the time and that nobody may see anything', async () => {
  for (const one of [watcher, phone, host, supervisor, ...bidders]) await one.go(hall())
  await dropped.go(line.url + hall())
  await dropped.page.getByText('已连接，自动更新').waitFor()
  await dropped.page.route('**/opening.data*', async route => {
    if (++asked === 1) line.cut()
    await route.continue()
  })
  await screen.go(`/lots/${lot.id}/screen`)
  await press(bidders[0]!.page, button(bidders[0]!, '签到'))
  await bidders[0]!.page.getByText('本机构已于').waitFor()
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

test('a line that breaks in the very instant in which the page asks is said to be broken; the page stays, the opening goes on', async () => {
  const { page } = dropped
  await page.getByText('连接中断，正在重连').waitFor({ timeout: 30_000 })
  expect(asked).toBe(1)
  await page.getByRole('heading', { name: '开标大厅' }).waitFor()
  // It asks again by itself, in vain, and is still the same page.
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(2)
  await page.getByRole('table', { name: '开标一览表' }).waitFor()
})

test('the host calls the roll, bidders answer, all by keyboard, and everybody sees it on their own page', async () => {
  await press(host.page, button(host, '点名'))
  for (const one of bidders) await press(one.page, button(one, /^应答点名/), 'Space')
  for (const { page } of [watcher, phone, supervisor, ...bidders]) {
    await page.getByText('主持人第 1 次点名').waitFor({ timeout: 20_000 })
    for (const no of [1, 2, 3]) await page.getByText(`${no} 号投标人应答第 1 次点名`).waitFor({ timeout: 20_000 })
  }
  expect(await watcher.page.getByRole('button', { name: /应答点名/ }).count()).toBe(0)
})

test('what bidder, host and supervisor say is read by all, and the host may mute one with a reason', async () => {
  const speak = async ({ page }: Visitor, text: string) => {
    await write(page, page.getByRole('textbox', { name: '发言', exact: true }), text)
    await press(page, page.getByRole('button', { name: '发言', exact: true }))
    await watcher.page.getByRole('list', { name: '发言' }).getByText(text).waitFor({ timeout: 20_000 })
  }
  await speak(bidders[0]!, '声音清楚，可以开始。')
  await supervisor.context.setOffline(true)
  await write(supervisor.page, supervisor.page.getByRole('textbox', { name: '发言', exact: true }), '监督在线。')
  await press(supervisor.page, button(supervisor, '发言'))
  await supervisor.page.getByText('连接中断，没有收到平台的答复').waitFor()
  expect(await supervisor.page.getByRole('textbox', { name: '发言', exact: true }).inputValue()).toBe('监督在线。')
  await supervisor.context.setOffline(false)
  expect(supervisor.complaints.splice(0).filter(text => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
  await press(supervisor.page, button(supervisor, '发言'))
  await watcher.page.getByRole('list', { name: '发言' }).getByText('监督在线。').waitFor({ timeout: 20_000 })
  await speak(host, '请各保管人释放密钥。')
  expect(await watcher.page.getByRole('button', { name: '发言', exact: true }).count()).toBe(0)
  await press(host.page, host.page.locator('summary').filter({ hasText: '暂停或恢复发言' }))
  await press(host.page, host.page.locator('#f-no'), '1')
  await write(host.page, host.page.locator('#f-muteReason'), '与开标无关')
  await press(host.page, button(host, '提交处理'))
  await bidders[0]!.page.getByText('主持人已暂停贵方发言').waitFor({ timeout: 20_000 })
  for (const one of [host, supervisor, ...bidders]) {
    expect(await axe(one.page)).toEqual([])
    expect(await overflow(one.page)).toBe(0)
  }
  await shoot(host.page, 'hall-2-host')
  await shoot(supervisor.page, 'hall-2-supervisor')
  await shoot(bidders[2]!.page, 'hall-2-bidder-390')
})

test('the voice is off until asked for, and can be paused', async () => {
  const on = watcher.page.getByRole('button', { name: '开启语音唱标' })
  if ((await on.count()) === 0) expect(await watcher.page.evaluate(() => 'speechSynthesis' in window)).toBe(false)
  else {
    await on.press('Enter')
    await watcher.page.getByRole('button', { name: '暂停语音' }).press('Enter')
    await watcher.page.getByRole('button', { name: '继续语音' }).press('Enter')
    await watcher.page.getByRole('button', { name: '关闭语音' }).press('Enter')
    await on.waitFor()
  }
})

test('a custodian releases the lot’s keys with one action from its own browser', async () => {
  const custodian = await story.signedIn('custodian1')
  await custodian.go(hall())
  expect(await axe(custodian.page)).toEqual([])
  await shoot(custodian.page, 'hall-3-custodian')
  await giveKey(custodian.page, keyFile('custodian1'), 'wrong')
  await custodian.page.getByText('密码不正确').waitFor()
  await custodian.page.locator('#f-filePassword').fill('demo-2026')
  await press(custodian.page, button(custodian, '释放本标段密钥'))
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
  await screen.page.getByText('9,030,000.03').first().waitFor({ timeout: 20_000 })
  expect(await axe(screen.page)).toEqual([])
  await shoot(screen.page, 'hall-4-screen')
})

const courseOf = ({ page }: Visitor) => page.getByRole('log', { name: '开标过程' }).getByRole('listitem').allInnerTexts()

test('back on line the page shows what the others saw, in order, nothing missing and nothing twice', async () => {
  expect(await dropped.page.getByText('主持人第 1 次点名').count()).toBe(0)
  line.mend()
  await dropped.page.getByText('唱标结束').waitFor({ timeout: 60_000 })
  await dropped.page.getByText('已连接，自动更新').waitFor()
  // Files are still being made ready for the committee: the two are read a moment apart.
  await expect.poll(async () => (await courseOf(dropped)).join() === (await courseOf(watcher)).join()).toBe(true)
  const seen = await courseOf(dropped)
  expect(seen.length).toBeGreaterThan(15)
  expect(new Set(seen).size).toBe(seen.length)
})

test('a bidder objects and the host answers, both by keyboard', async () => {
  const [bidder] = bidders
  await press(bidder!.page, bidder!.page.getByRole('radio', { name: '无异议' }), 'ArrowDown')
  await write(bidder!.page, bidder!.page.locator('#f-text'), '请核对二号投标人工期')
  await shoot(bidder!.page, 'hall-5-bidder')
  await giveKey(bidder!.page, keyFile('bidder1'), 'demo-2026')
  await watcher.page.getByText('1 号投标人：有异议').waitFor({ timeout: 30_000 })
  await write(host.page, host.page.locator('#f-reply-1'), '已核对，与开标一览表一致')
  await shoot(host.page, 'hall-5-host')
  await press(host.page, button(host, '答复 1 号投标人'))
  await watcher.page.getByText('主持人答复 1 号投标人').waitFor({ timeout: 30_000 })
})

test('without scripts the page is whole: a watcher’s asks again by itself, where one may type a link does', async () => {
  const plain = await story.browser.newContext({
    baseURL: story.url,
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  })
  const page = await plain.newPage()
  await page.goto(hall())
  expect(await page.getByRole('table', { name: '开标一览表' }).innerText()).toContain('9,030,000.03')
  expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(1)
  await plain.addCookies(await host.context.cookies())
  await page.goto(hall())
  expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(0)
  await page.getByRole('textbox', { name: '发言', exact: true }).fill('不会丢失')
  await page.getByRole('link', { name: '刷新本页' }).waitFor()
  await plain.close()
})

test('with every answer in, host and bidder sign the record by keyboard, and anybody can have it', async () => {
  for (const party of cast.bidders.slice(1)) await answerRecord(party, lot.id, 'no-objection')
  await Promise.all([
    giveKey(host.page, keyFile('agency'), 'demo-2026'),
    giveKey(bidders[0]!.page, keyFile('bidder1'), 'demo-2026'),
  ])
  const link = watcher.page.getByRole('link', { name: '下载开标记录' })
  await link.waitFor({ timeout: 60_000 })
  const read = async () => new Uint8Array(await (await fetch(story.url + (await link.getAttribute('href')))).arrayBuffer())
  // The record is there from the first signature on; the others are put under it as they come.
  await expect
    .poll(async () => checkPdf(await read()).map(signature => signature.ok), { timeout: 60_000 })
    .toEqual([true, true, true])
  const pdf = await read()
  const [record, anchors] = [join(story.dataDir, 'record.pdf'), join(story.dataDir, 'anchors.json')]
  writeFileSync(record, pdf)
  writeFileSync(anchors, await (await fetch(`${story.url}/anchors.json`)).text())
  const seen = execFileSync('pdfsig', ['-nocert', record], { encoding: 'utf8' })
  expect(seen.match(/Signature is Valid\./g)).toHaveLength(3)
  const verify = ['bin/run.mjs', 'crypto/verify/main.ts', '--anchors', anchors, record]
  expect(execFileSync(process.execPath, verify, { cwd: root, encoding: 'utf8' })).toContain('各项核验通过')
  await shoot(watcher.page, 'hall-6-recorded')
  await watcher.go(`/lots/${lot.id}/screen`)
  await watcher.page.getByText('9,030,000.03').waitFor()
  expect(await axe(watcher.page)).toEqual([])
  await shoot(watcher.page, 'hall-7-screen')
  expect(watcher.complaints).toEqual([])
  for (const one of [phone, screen, host, supervisor, ...bidders]) expect(one.complaints).toEqual([])
})

test('the operator sees the queue and its board, and nothing of the tender', async () => {
  const operator = await story.signedIn('operator')
  await operator.go('/admin/queue')
  await operator.page.getByText('没有已放弃的任务').waitFor()
  expect(await axe(operator.page)).toEqual([])
  expect(await operator.page.content()).not.toContain(lot.id)
  await shoot(operator.page, 'queue-1')
  await operator.page.getByRole('link', { name: '打开队列看板（只读）' }).click()
  await operator.page.getByText('open-tender').first().waitFor({ timeout: 20_000 })
  await shoot(operator.page, 'queue-2-board')
  expect(await operator.page.content()).not.toContain(lot.id)
})
