import type { Browser, Page } from 'playwright-core'
import { createElement } from 'react'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { html } from '@/tests/ui/render'
import { SealForm } from '~/trading/bid/SealForm'
import { launch } from './browser'

const address = 'http://bid.example/lots/1/bid'
let browser: Browser
let page: Page
/** Everything the page asked of the network, whatever became of it. */
const asked: string[] = []

beforeAll(async () => {
  browser = await launch()
  page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  const form = await html(createElement(SealForm, { scope: {} as never, ceilingFen: 100n, isHidden: false, onSeal: () => {} }))
  await page.route('**', route => {
    asked.push(route.request().url())
    return route.fulfill({ contentType: 'text/html; charset=utf-8', body: `<!doctype html><html lang="zh-CN">${form}</html>` })
  })
  await page.goto(address)
})
afterAll(() => browser?.close())

test('a price typed before the page’s scripts run leaves the browser on no way of sending forms', async () => {
  const price = page.getByLabel(/投标报价/).first()
  await price.fill('1234567.89')
  await price.press('Enter')
  const button = page.getByRole('button', { name: '密封并上传' })
  expect(await button.isDisabled()).toBe(true)
  await button.click({ force: true })
  // Even were the button alive: a form of method dialog outside a dialog sends nothing.
  await page.locator('form').evaluate((form: HTMLFormElement) => {
    form.querySelector('button')!.disabled = false
  })
  await button.click()
  await price.press('Enter')
  await page.waitForTimeout(500)
  expect(page.url()).toBe(address)
  expect(asked).toEqual([address])
  expect(await price.inputValue()).toBe('1234567.89')
})
