// The operator's page of revocation lists: a CA without one, refused files, a good list, the next one from the folder.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pemOf } from '@/crypto/x509'
import { aRevocationList, type TestAuthority, testAuthority } from '@/tests/factories/authority'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let operator: Visitor
let authority: TestAuthority
beforeAll(async () => {
  story = await startStory()
  operator = await story.signedIn('operator')
  authority = await testAuthority('p256')
})
afterAll(() => story?.close())

const row = () => operator.page.getByRole('row', { name: /试验根/ })
const inTrust = (name: string, content: Uint8Array | string) => {
  mkdirSync(join(story.dataDir, 'trust'), { recursive: true })
  writeFileSync(join(story.dataDir, 'trust', name), content)
}
const hourAgo = () => new Date(Date.now() - 3_600_000)
/** Reads the page again until it shows this. */
async function shown(path: string, text: RegExp): Promise<void> {
  await expect
    .poll(
      async () => {
        await operator.go(path)
        return operator.page.locator('main').innerText()
      },
      { timeout: 30_000, interval: 1_000 },
    )
    .toMatch(text)
}

test('a CA that comes while the platform runs is alarmed until its list has come', async () => {
  inTrust('root.pem', pemOf('CERTIFICATE', authority.root.der))
  await shown('/admin/trust', /试验根/)
  expect(await row().innerText()).toContain('缺失')
  await shown('/admin', /试验根 p256（从未提供）/)
})

test('a file that is no list, and a forged one, are refused in so many words; a good one counts at once', async () => {
  const { page } = operator
  await operator.go('/admin/trust')
  const send = async (name: string, buffer: Buffer) => {
    await page.locator('#f-file').setInputFiles({ name, mimeType: 'application/pkix-crl', buffer })
    await page.getByRole('button', { name: '核对并导入' }).click()
  }
  await send('rubbish.crl', Buffer.from('rubbish'))
  await page
    .getByText(/不是可用的证书吊销列表/)
    .first()
    .waitFor()
  const other = await testAuthority('p256')
  const forged = await aRevocationList({ ...other.issuer, name: authority.issuer.name }, { at: hourAgo() })
  await send('forged.crl', Buffer.from(forged.der))
  await page
    .getByText(/签名不符/)
    .first()
    .waitFor()
  const good = await aRevocationList(authority.issuer, { number: 7, at: hourAgo(), next: new Date(Date.now() + 86_400_000) })
  await send('good.crl', Buffer.from(good.der))
  await page.waitForURL(url => url.pathname === '/admin/trust')
  await expect.poll(() => row().innerText(), { timeout: 10_000 }).toMatch(/有效[\s\S]*7/)
})

test('the next list is taken from the folder by the worker and seen by the web process; the alarm ends', async () => {
  const next = await aRevocationList(authority.issuer, { number: 8, at: new Date(Date.now() - 1_800_000) })
  inTrust('next.crl', pemOf('X509 CRL', next.der))
  await shown('/admin/trust', /试验根 p256[\s\S]*\b8\b/)
  await shown('/admin', /已解除/)
})

test('the page is accessible and fits a phone', async () => {
  for (const width of [1280, 390]) {
    await operator.page.setViewportSize({ width, height: 900 })
    await operator.go('/admin/trust')
    expect(await axe(operator.page)).toEqual([])
    expect(await overflow(operator.page)).toBe(0)
  }
  // A refused form is answered 409 or 422, which the browser's console repeats.
  expect(operator.complaints.filter(line => !/status of 4(09|22)/.test(line))).toEqual([])
})
