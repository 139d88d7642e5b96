import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createRequestHandler } from '@remix-run/express'
import type { AppLoadContext } from '@remix-run/node'
import express from 'express'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildAll } from '@/bin/build.mjs'
import { axe, complaints, launch, overflow } from './browser'

let server: Server
let browser: Browser
let base: string

/** The gallery needs no data, so the built pages are served with the facts of the frame alone. */
beforeAll(async () => {
  await buildAll()
  const folder = resolve(import.meta.dirname, '../../build')
  const build = await import(pathToFileURL(resolve(folder, 'server/index.js')).href)
  const ctx = async () => ({
    actor: { kind: 'person', name: '王建国', role: 'operator' },
    now: new Date('2026-12-01T01:30:00Z'),
    requestId: 'b7c9',
    platform: { config: { isSandbox: true } },
  })
  const app = express()
  app.use((_request, response, next) => {
    response.setHeader('content-security-policy', "default-src 'self'; script-src 'self' 'nonce-n1'; style-src 'self'")
    next()
  })
  app.use(express.static(resolve(folder, 'client')))
  app.all('*', createRequestHandler({ build, getLoadContext: () => ({ nonce: 'n1', ctx }) as unknown as AppLoadContext }))
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

async function open(options: BrowserContextOptions, path = '/admin/gallery') {
  const context = await browser.newContext({ locale: 'zh-CN', ...options })
  const page = await context.newPage()
  const found = complaints(page)
  const response = await page.goto(base + path)
  return { page, found, status: response?.status() }
}

for (const width of [1280, 390]) {
  test(`every component is accessible and fits at ${width} px`, async () => {
    const { page, found } = await open({ viewport: { width, height: 900 } })
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    expect(found).toEqual([])
  })
}

test('elder mode is kept by a cookie, fits a phone and stays accessible', async () => {
  const { page } = await open({ viewport: { width: 390, height: 900 } })
  await page.getByRole('button', { name: '切换到大字版' }).click()
  await page.getByRole('button', { name: '切换到标准版' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/gallery')
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('20px')
  expect(await overflow(page)).toBe(0)
  expect(await axe(page)).toEqual([])
})

test('without scripts the page is whole: clock, menu and explanations', async () => {
  const { page } = await open({ viewport: { width: 390, height: 900 }, javaScriptEnabled: false })
  expect(await page.locator('header').first().innerText()).toContain('2026年12月1日 09:30:00')
  await page.locator('summary', { hasText: '菜单' }).click()
  await page.getByRole('link', { name: '首页' }).first().waitFor()
  await page.locator('summary', { hasText: '为何是这一天' }).first().click()
  await page.getByText('《招标投标法》第二十四条').first().waitFor()
})

test('the skip link is the first stop of the keyboard', async () => {
  const { page } = await open({ viewport: { width: 1280, height: 900 } }, '/nowhere')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('跳到主要内容')
})

test('a line of the error summary leads to its field', async () => {
  const { page } = await open({ viewport: { width: 1280, height: 900 } })
  await page.getByRole('link', { name: '最高投标限价应大于 0' }).click()
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('f-bad-price')
})

test('what was typed is still there after the page was closed, until it is dropped', async () => {
  const { page } = await open({ viewport: { width: 1280, height: 900 } })
  await page.locator('#f-title').fill('桥梁工程招标公告')
  await page.locator('#f-price').fill('12.5')
  await page.reload()
  await page.getByText('已恢复本机上次未提交的填写内容').waitFor()
  expect(await page.locator('#f-title').inputValue()).toBe('桥梁工程招标公告')
  expect(await page.getByText('大写：壹拾贰元伍角整').count()).toBe(1)
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('password')
  await page.getByRole('button', { name: '清除草稿' }).click()
  expect(await page.locator('#f-title').inputValue()).toBe('道路改造工程施工招标公告')
  await page.reload()
  expect(await page.getByText('已恢复本机上次未提交').count()).toBe(0)
})

test('an address that does not exist is answered in Chinese with 404', async () => {
  const { page, status } = await open({}, '/nowhere')
  expect(status).toBe(404)
  await page.getByRole('heading', { name: '没有找到此页' }).waitFor()
  expect(await axe(page)).toEqual([])
})
