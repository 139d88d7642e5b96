import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unbase64 } from '@/crypto/bytes'
import { keepsakeText } from '@/crypto/keepsake'
import { messageHash, readMessage } from '@/crypto/messages'
import type { SealedFile } from '@/crypto/seal'
import { anActor } from '@/tests/factories/actor'
import { type ABid, type ATender, aSealedBid, aTender, aWitness, release } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'
import { signInAs, worldOf } from './world'

let story: Story
let world: TestPlatform
let tender: ATender
let bids: ABid[]
let bidder: Visitor
let host: Visitor
let supervisor: Visitor
let cosigning: NodeJS.Timeout | undefined

const hall = () => `/lots/${tender.lotId}/opening`

/** Wide and narrow: nothing for axe to complain of, nothing sticking out. SHOTS names a folder for whoever wants to look. */
async function wellMade({ page }: Visitor, name: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}-${width}.png`), fullPage: true })
  }
}

/** The keepsake as the sealing page lets it be downloaded, and the file that the bidder has of its own. */
function keptFiles({ kept, statement }: ABid) {
  const stated = readMessage('tbid/submit@1', statement).files
  const sealed = kept.map(({ fileId, role, stage, bytes, twinSalt }) => {
    const { twin } = stated.find(file => file.fileId === fileId)!
    const file = { fileId, role, stage, twin } as SealedFile
    return { file, name: `${role}.bin`, type: 'application/octet-stream', size: bytes.length, twinSalt: unbase64(twinSalt) }
  })
  const [price, technical] = ['price', 'technical'].map(role => kept.find(one => one.role === role)!.bytes)
  const about = { lot: tender.lotId, suite: tender.suite, statement: messageHash(statement), price: price! }
  const [keepsake, file] = [join(story.dataDir, 'keepsake.json'), join(story.dataDir, 'technical.bin')]
  writeFileSync(keepsake, keepsakeText(about, sealed))
  writeFileSync(file, technical!)
  return { keepsake, file }
}

beforeAll(async () => {
  if (process.env.SHOTS) mkdirSync(process.env.SHOTS, { recursive: true })
  story = await startStory()
  world = await worldOf(story)
  const witness = await aWitness(world)
  const wish = { releaseMode: 'both' as const, releaseSeconds: 60, openingTerms: { remedies: ['twin'] } }
  tender = await aTender(world, { lot: wish, seconds: 25 })
  bids = []
  for (let i = 0; i < 3; i++) bids.push(await aSealedBid(world, tender, { price: { priceFen: `90000000${i}` } }))
  cosigning = setInterval(() => void witness.cosign().catch(() => {}), 300)
  bidder = await story.visitor()
  host = await story.visitor()
  supervisor = await story.visitor()
  await signInAs(world, bidder, bids[0]!.bidder.actor, story.url)
  await signInAs(world, host, tender.agency, story.url)
  await signInAs(world, supervisor, await anActor(world, 'supervisor'), story.url)
}, 300_000)
afterAll(async () => {
  clearInterval(cosigning)
  await world?.close()
  await story?.close()
})

test('a bidder who lost its key hands in what it sealed; a file that differs is told by name', async () => {
  const { page } = bidder
  await bidder.go(hall())
  await page.getByText('密钥释放截止').waitFor({ timeout: 60_000 })
  for (const one of tender.custodians.slice(0, 2)) await release(world, tender, one)
  for (const one of bids.slice(1)) await release(world, tender, one.bidder)
  const { keepsake, file } = keptFiles(bids[0]!)
  await page.getByText('补录未加密副本').first().click()
  await page.getByRole('button', { name: '补录未加密副本' }).click()
  await page.getByText('请选择补录凭据').first().waitFor()
  await wellMade(bidder, 'twin-1-missing')
  await page.locator('#f-keepsake').setInputFiles(keepsake)
  await page
    .locator('#f-twins')
    .setInputFiles({ name: 'technical.bin', mimeType: 'application/pdf', buffer: Buffer.from('other') })
  await page.getByRole('button', { name: '补录未加密副本' }).click()
  await page.getByText('所选文件中没有与截标前承诺一致的这一份').first().waitFor()
  await page.locator('#f-twins').setInputFiles(file)
  await page.getByRole('button', { name: '补录未加密副本' }).click()
  await page.getByText('已补录，与截标前承诺的摘要一致').waitFor({ timeout: 30_000 })
  await page.reload()
  await page.getByText('已补录，与截标前承诺的摘要一致').waitFor()
  await wellMade(bidder, 'twin-2-handed')
})

test('the host asks, the supervisor decides, and the bid is read out as a twin’s', async () => {
  await host.go(hall())
  await host.page.getByText('可按招标文件约定补录').or(host.page.getByText('副本待决定')).first().waitFor({ timeout: 90_000 })
  await host.page.getByText('中止、复会与补救').click()
  await host.page.locator('#f-kind').selectOption('twin')
  await host.page.locator('#f-cause').selectOption('document')
  await host.page.locator('#f-reason').fill('招标文件第 5.2 条')
  await wellMade(host, 'twin-3-host')
  await host.page.getByRole('button', { name: '提交', exact: true }).click()
  await supervisor.go(hall())
  await supervisor.page.getByText('主持人提请补录未加密副本').waitFor({ timeout: 30_000 })
  await wellMade(supervisor, 'twin-4-supervisor')
  await supervisor.page.getByLabel('同意，立即生效').check()
  await supervisor.page.getByRole('button', { name: '作出决定' }).click()
  const price = bidder.page.getByRole('table').getByText('9,000,000.00')
  await price.first().waitFor({ timeout: 60_000 })
  await wellMade(bidder, 'twin-5-read')
  for (const one of [bidder, host, supervisor]) expect(one.complaints).toEqual([])
})
