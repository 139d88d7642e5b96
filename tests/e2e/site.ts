import { rmSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type Site, startSite } from '@/bin/launch'
import { newDataDir } from '@/db/embedded'
import { complaints, launch } from './browser'
import { copyPrepared } from './prepared'

export interface Story {
  site: Site
  url: string
  browser: Browser
  dataDir: string
  /** A page of its own browser context: another visitor at another desk. */
  visitor(options?: { width?: number; height?: number }): Promise<Visitor>
  /** A visitor who signed in with a demo account; `role` where the account has several. */
  signedIn(login: string, options?: { width?: number; height?: number }): Promise<Visitor>
  close(): Promise<void>
}

export interface Visitor {
  page: Page
  context: BrowserContext
  /** What the page complained of in its console so far. */
  complaints: string[]
  go(path: string): Promise<void>
}

/** A whole site on free ports with a data folder that is thrown away, and a browser. Stories share the machine and how they began. */
export async function startStory(env: Record<string, string> = {}): Promise<Story> {
  const dataDir = newDataDir('story')
  copyPrepared(dataDir)
  const site = await startSite({
    env: { ...process.env, DATABASE_URL: '', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'error', ...env },
  })
  const browser = await launch()
  const visitor = async ({ width = 1280, height = 900 } = {}): Promise<Visitor> => {
    const context = await browser.newContext({
      locale: 'zh-CN',
      baseURL: site.url,
      viewport: { width, height },
      acceptDownloads: true,
    })
    const page = await context.newPage()
    return { page, context, complaints: complaints(page), go: async path => void (await page.goto(path)) }
  }
  return {
    site,
    url: site.url,
    browser,
    dataDir,
    visitor,
    signedIn: async (login, options) => {
      const person = await visitor(options)
      await signInPage(person.page, login)
      return person
    },
    close: async () => {
      await browser.close()
      await site.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Signs in by the page, as a person does. */
export async function signInPage(page: Page, login: string, password = 'demo-2026'): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('#f-login').fill(login)
  await page.locator('#f-password').fill(password)
  await Promise.all([page.waitForURL(url => url.pathname !== '/sign-in'), page.locator('#f-password').press('Enter')])
}
