import type { Locator, Page } from 'playwright-core'

/** More stops than any page has: who needs more has lost the keyboard. */
const mostStops = 150

const hasFocus = (target: Locator) => target.evaluate(element => element === document.activeElement)

/** Walks to a control with the Tab key alone. Throws when it cannot be reached. */
export async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ timeout: 30_000 })
  for (let stop = 0; stop < mostStops; stop++) {
    if (await hasFocus(target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`not reached by keyboard: ${target}`)
}

/** Walks to a control and presses a key on it. */
export async function press(page: Page, target: Locator, key: string = 'Enter'): Promise<void> {
  await reach(page, target)
  await page.keyboard.press(key)
}

/** Walks to a field and types. */
export async function write(page: Page, target: Locator, text: string): Promise<void> {
  await reach(page, target)
  await page.keyboard.insertText(text)
}

/** Chooses the key file and types its password; Enter there sends the form. */
export async function giveKey(page: Page, file: string, password: string): Promise<void> {
  const choosing = page.waitForEvent('filechooser')
  await press(page, page.locator('#f-keyFile'))
  await (await choosing).setFiles(file)
  await write(page, page.locator('#f-filePassword'), password)
  await page.keyboard.press('Enter')
}
