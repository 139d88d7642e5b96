// A bidder seals 300 MB, loses the line, closes the browser in the middle, comes back, goes on and gets a receipt that holds.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Party } from '@/bin/client/party'
import { readAnchors } from '@/crypto/anchors'
import { verifyReceipt } from '@/crypto/receipt'
import { aLotTakingBids, fillBid, partyIn, writeBid } from './bidding'
import { axe, complaints, launchKept, overflow } from './browser'
import { type Story, signInPage, startStory } from './site'
import { layWire, type Wire } from './wire'

const megabyte = 1_000_000
const contentBytes = 300 * megabyte
const bidPath = () => join(folder, '技术标.pdf')

let story: Story
let wire: Wire
let folder: string
let agency: Party
let lotId: string
let context: BrowserContext
let page: Page
let complained: string[]

/** The bidder's own machine: what the browser kept yesterday is there today; the session is not. */
async function openBrowser(login: string): Promise<void> {
  context = await launchKept(join(folder, 'profile'), wire.url)
  page = context.pages()[0] ?? (await context.newPage())
  complained = complaints(page)
  await signInPage(page, login)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'open-tender-bidder-'))
  story = await startStory()
  wire = await layWire(story.url)
  writeBid(bidPath(), contentBytes)
  agency = await partyIn(story, 'agency')
  lotId = await aLotTakingBids(story)
  await partyIn(story, 'bidder1')
})
afterAll(async () => {
  await context?.close()
  wire?.close()
  await story?.close()
  rmSync(folder, { recursive: true, force: true })
})

const submission = () => `/bidder/lots/${lotId}/submission`

const fill = () => fillBid(page, story, { login: 'bidder1', technical: bidPath() })

/** Waits until the page says at least this share of the upload is done. */
async function sentShare(share: number): Promise<void> {
  const isThere = (least: number) => {
    const progress = document.querySelector('progress')
    return progress?.labels[0]?.textContent?.startsWith('正在上传') && progress.value >= least
  }
  await page.waitForFunction(isThere, share, { timeout: 90_000, polling: 100 })
}

test('300 MB are sealed into the browser’s store; a line that breaks for a moment is no matter', async () => {
  await openBrowser('bidder1')
  await page.goto(submission())
  await fill()
  wire.pace(60 * megabyte)
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByText('正在本机密封：').waitFor()
  await sentShare(0.1)
  wire.cut()
  await sleep(1_000)
  wire.mend()
  await sentShare(0.25)
  await page.getByText('密文保存在本浏览器').waitFor()
}, 120_000)

test('the line is cut, the browser closed; opened again it tells what is kept and how much is left', async () => {
  wire.cut()
  await context.close()
  wire.mend()
  await openBrowser('bidder1')
  await page.goto('/bidder')
  await page.getByText('有未完成的上传').waitFor()
  await page.getByRole('link', { name: '查看并继续上传' }).click()
  await page.getByText('还剩').waitFor()
  expect(await page.getByRole('button', { name: '密封并上传' }).isVisible()).toBe(false)
  expect(await axe(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await overflow(page)).toBe(0)
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('another organisation at the same browser can neither see whose it is nor go on with it', async () => {
  await context.clearCookies()
  await signInPage(page, 'bidder2')
  await page.goto(submission())
  await page.getByText('其他机构密封的未完成上传').waitFor()
  expect(await page.getByRole('button', { name: '继续上传并递交' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: '放弃并删除本机密文' }).count()).toBe(1)
  await context.clearCookies()
  await signInPage(page, 'bidder1')
})

async function kept(): Promise<{ bids: number; folders: number }> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('sealed-bids')
    const db = await new Promise<IDBDatabase>(resolve => {
      opening.onsuccess = () => resolve(opening.result)
    })
    const counting = db.transaction('bid').objectStore('bid').count()
    const bids = await new Promise<number>(resolve => {
      counting.onsuccess = () => resolve(counting.result)
    })
    db.close()
    const root = await navigator.storage.getDirectory()
    const all = (await root.getDirectoryHandle('sealed-bids')) as FileSystemDirectoryHandle & { keys(): AsyncIterable<string> }
    let folders = 0
    for await (const _ of all.keys()) folders++
    return { bids, folders }
  })
}

test('one press sends the rest and no more, commits, and the receipt holds; nothing stays in the browser', async () => {
  await page.goto(submission())
  expect(await kept()).toEqual({ bids: 1, folders: 1 })
  wire.pace(null)
  const before = wire.carried()
  await page.getByRole('button', { name: '继续上传并递交' }).click()
  await page.getByText('递交投标文件：已送达').waitFor({ timeout: 90_000 })
  // A quarter had come before; what is sent now is what was missing, not the whole again.
  expect(wire.carried() - before).toBeLessThan(0.8 * contentBytes)
  expect(await axe(page)).toEqual([])
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载回执' }).click()])
  const receipt = JSON.parse(readFileSync(await file.path(), 'utf8'))
  const checks = verifyReceipt(receipt, readAnchors(await agency.api.get('/anchors')))
  expect(checks.filter(check => check.result === 'broken')).toEqual([])
  expect(checks.filter(check => check.result === 'holds').map(check => check.name)).toContain('log-signature')
  expect(await kept()).toEqual({ bids: 0, folders: 0 })
  expect(complained).toEqual([])
}, 120_000)

/** What a bidder reads who opens the page in a browser that cannot seal here. */
async function obstacle(): Promise<string> {
  await page.goto(submission())
  const told = page.getByRole('alert').filter({ hasText: '本浏览器不能密封' })
  await told.waitFor()
  expect(await page.getByRole('button', { name: '密封并上传' }).isVisible()).toBe(false)
  expect(await told.getByRole('link', { name: '下载离线密封工具' }).getAttribute('href')).toBe('/offline/seal.mjs')
  expect(await axe(page)).toEqual([])
  return told.innerText()
}

async function openOther(profile: string, url: string, args: string[] = []): Promise<void> {
  await context?.close()
  context = await launchKept(join(folder, profile), url, args)
  page = context.pages()[0] ?? (await context.newPage())
  await signInPage(page, 'bidder2')
}

test('over plain http from elsewhere than this machine nothing is sealed, and the offline tool is named', async () => {
  const { port } = new URL(story.url)
  await openOther('plain', `http://bids.example:${port}`, ['--host-resolver-rules=MAP bids.example 127.0.0.1'])
  expect(await obstacle()).toContain('不是经 https 打开')
})

test('a browser without a private file system is told so before anything is filled in', async () => {
  await openOther('old', story.url)
  const without = 'delete FileSystemFileHandle.prototype.createSyncAccessHandle;'
  const crippled = async (route: Route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${without}${await response.text()}` })
  }
  await context.route('**/seal.worker-*.js', crippled)
  expect(await obstacle()).toContain('没有网页私有文件存储')
})

test('too little room is told in bytes before anything is sealed, and what was typed stays', async () => {
  await openOther('full', story.url)
  const devtools = await context.newCDPSession(page)
  await page.goto(submission())
  await fill()
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: story.url, quotaSize: 200 * 2 ** 20 })
  await page.getByRole('button', { name: '密封并上传' }).click()
  await page.getByText(/存储空间不足.*需要 2\d\d MiB，可用 1?\d?\d MiB/).waitFor()
  expect(await page.getByLabel('投标报价').inputValue()).toBe('9,876,543.21')
  expect(await page.getByRole('button', { name: '密封并上传' }).isVisible()).toBe(true)
})
