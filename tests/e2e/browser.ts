import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The Chromium of this machine: CHROMIUM_PATH, else the first on PATH. Throws, naming the package to install, when there is none. */
export function chromiumPath(): string {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = names.flatMap(name => folders.map(folder => join(folder, name))).find(isProgram)
  if (!found) throw new Error('No Chromium found: apt-get install chromium, or set CHROMIUM_PATH')
  return found
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath(), args: quiet })

/** A browser whose profile lies in a folder: closed and opened again it has what it kept. `args`: more of Chromium's own switches. */
export const launchKept = (folder: string, baseURL: string, args: string[] = []): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(),
    args: [...quiet, ...args],
    locale: 'zh-CN',
    baseURL,
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
  })

/** A colour on its way from one to another is neither: what moves to an end is waited for, a second at most (a page behind others stands still). */
const settled = async () => {
  const moving = document.getAnimations().filter(one => Number.isFinite(one.effect?.getComputedTiming().endTime))
  const enough = new Promise(resolve => setTimeout(resolve, 1_000))
  await Promise.race([Promise.allSettled(moving.map(one => one.finished)), enough])
}

/**
 * What axe finds wrong with a page, a line each; empty when nothing. All of its rules, run in the page itself: by default a blank page
 * is opened and filled beside it for each look, which is for frames of other origins and costs three times the look.
 */
export async function axe(page: Page): Promise<string[]> {
  if (page.frames().length > 1) throw new Error('this look does not go into frames')
  await page.evaluate(settled)
  const isLoaded = await page.evaluate('typeof axe !== "undefined"')
  const builder = new AxeBuilder({ page, ...(isLoaded ? { axeSource: 'void 0' } : {}) })
  const { violations } = await builder
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}`))
}

/** Errors a page wrote to its console or threw, collected from now on. A refusal's status (409, 422) is an answer, not an error. */
export function complaints(page: Page): string[] {
  const found: string[] = []
  const isAnswer = (text: string) => /Failed to load resource.*status of (403|404|409|422) /.test(text)
  page.on('console', message => message.type() === 'error' && !isAnswer(message.text()) && found.push(message.text()))
  page.on('pageerror', error => found.push(error.message))
  return found
}

/** How far a page sticks out to the right of its window, in CSS pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
