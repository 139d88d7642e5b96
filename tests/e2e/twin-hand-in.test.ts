import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeyPair, saveKeys } from '@/bin/client/keys'
import { unbase64 } from '@/crypto/bytes'
import { keepsakeText } from '@/crypto/keepsake'
import { messageHash, readMessage } from '@/crypto/messages'
import type { SealedFile } from '@/crypto/seal'
import { anActor } from '@/tests/factories/actor'
import type { ASigner } from '@/tests/factories/certificate'
import { type AnEvaluation, evaluationOf, finishSheets } from '@/tests/factories/evaluation'
import { type ABid, type ATender, aBidder, aSealedBid, aTender, aWitness, release, withSpare } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import { answer } from '@/tests/trading/opening/hall'
import type { PersonActor } from '~/platform/ctx'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'
import { signInAs, worldOf } from './world'

let story: Story
let world: TestPlatform
let tender: ATender
let bids: ABid[]
/** Sealed in two envelopes (双信封); its last bid does not pass the review of the first. */
let doubled: ATender
let doubledBids: ABid[]
let evaluation: AnEvaluation
let bidder: Visitor
let host: Visitor
let supervisor: Visitor
let watcher: Visitor
let cosigning: NodeJS.Timeout | undefined

const hall = ({ lotId } = tender) => `/lots/${lotId}/opening`

async function signedIn(who: PersonActor): Promise<Visitor> {
  const one = await story.visitor()
  await signInAs(world, one, who, story.url)
  return one
}

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

const pairOf = ({ keys, certificate, chain, fingerprint }: ASigner): KeyPair => ({
  ...keys,
  certificate: certificate.der,
  chain: chain!.map(one => one.der),
  fingerprint,
})

/** A key file with the bidder's signing key and its spare certificate's: the main one is lost. */
function spareFile({ signer, spare }: ABid['bidder']): string {
  const file = join(story.dataDir, 'spare.p12')
  saveKeys(file, { sign: pairOf(signer), encrypt: pairOf(spare!.certified!) }, 'demo-2026')
  return file
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
  const spared = await withSpare(world, await aBidder(world), 'intl')
  bids.push(await aSealedBid(world, tender, { bidder: spared, price: { priceFen: '900000009' } }))
  doubled = await aTender(world, { lot: { openingTerms: { envelopes: 2 }, releaseSeconds: 600 }, seconds: 30 })
  doubledBids = []
  for (let i = 0; i < 4; i++) doubledBids.push(await aSealedBid(world, doubled, { price: { priceFen: `80000000${i}` } }))
  cosigning = setInterval(() => void witness.cosign().catch(() => {}), 300)
  watcher = await story.visitor()
  bidder = await signedIn(bids[0]!.bidder.actor)
  host = await signedIn(tender.agency)
  supervisor = await signedIn(await anActor(world, 'supervisor'))
}, 300_000)
afterAll(async () => {
  clearInterval(cosigning)
  await world?.close()
  await story?.close()
})

test('a bidder whose main certificate is lost releases with the spare one it named when it sealed', async () => {
  const spared = await signedIn(bids[3]!.bidder.actor)
  const { page } = spared
  await spared.go(hall())
  await page.getByRole('button', { name: '释放本标段密钥' }).waitFor({ timeout: 60_000 })
  await page.locator('#f-keyFile').setInputFiles(spareFile(bids[3]!.bidder))
  await page.locator('#f-filePassword').fill('demo-2026')
  await page.getByRole('button', { name: '释放本标段密钥' }).click()
  await page.getByText('其中 1 份是用备用证书打开的').waitFor({ timeout: 30_000 })
  await wellMade(spared, 'spare-2-released')
  expect(spared.complaints).toEqual([])
})

test('a bidder who lost its key hands in what it sealed; a file that differs is told by name', async () => {
  const { page } = bidder
  await bidder.go(hall())
  await page.getByText('密钥释放截止').waitFor({ timeout: 60_000 })
  for (const one of tender.custodians.slice(0, 2)) await release(world, tender, one)
  for (const one of bids.slice(1, 3)) await release(world, tender, one.bidder)
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

test('of two envelopes the first is read out without a price, and all are told that the second stays sealed', async () => {
  await watcher.go(hall(doubled))
  await watcher.page.getByText('密钥释放截止').waitFor({ timeout: 60_000 })
  for (const one of doubled.custodians.slice(0, 2)) await release(world, doubled, one)
  const table = watcher.page.getByRole('table', { name: '开标一览表' })
  await table.getByText('第一信封已开启').nth(3).waitFor({ timeout: 30_000 })
  expect(await table.getByText('密封，未开启').count()).toBe(4)
  expect(await table.innerText()).not.toContain('8,000,000')
  await wellMade(watcher, 'envelope-1-first')
  for (const one of doubledBids) await answer(world, doubled, one)
  await watcher.page.getByText('第二信封（报价）保持密封').waitFor({ timeout: 60_000 })
  await watcher.page.getByRole('link', { name: '下载第一信封开标记录' }).waitFor()
  await wellMade(watcher, 'envelope-2-between')
})

test('an expert reviews what the first envelopes hold and sees no price', async () => {
  evaluation = await evaluationOf(world, doubled, doubledBids)
  const expert = await signedIn(evaluation.members[0]!.actor)
  await expert.go(`/expert/lots/${doubled.lotId}/evaluation`)
  await expert.page
    .getByRole('link', { name: /投标人/ })
    .first()
    .waitFor()
  expect(await expert.page.content()).not.toContain('8,000,000')
  await wellMade(expert, 'envelope-3-expert')
  await finishSheets(world, evaluation, { failed: [evaluation.bidIds[3]!] })
  expect(expert.complaints).toEqual([])
})

test('the agency calls the second envelope, the supervisor agrees, custodians are told what is due', async () => {
  const agency = await signedIn(doubled.agency)
  await agency.go(hall(doubled))
  await agency.page.getByText('开启第二信封，或中止开标').click()
  await agency.page.locator('#f-kind').selectOption('second-envelope')
  await agency.page.locator('#f-cause').selectOption('document')
  await agency.page.locator('#f-reason').fill('第一信封评审完毕')
  await wellMade(agency, 'envelope-4-agency')
  await agency.page.getByRole('button', { name: '提交', exact: true }).click()
  await supervisor.go(hall(doubled))
  await supervisor.page.getByText('主持人提请开启第二信封').waitFor({ timeout: 30_000 })
  await wellMade(supervisor, 'envelope-5-supervisor')
  await supervisor.page.getByLabel('同意，立即生效').check()
  await supervisor.page.getByRole('button', { name: '作出决定' }).click()
  await watcher.page.getByText('其第二信封不予开启，原封退还').waitFor({ timeout: 30_000 })
  const keeper = await signedIn(doubled.custodians[0]!.actor)
  await keeper.go('/custodian')
  await keeper.page.getByRole('cell', { name: '释放密钥' }).waitFor()
  await keeper.go(hall(doubled))
  await keeper.page.getByRole('button', { name: '释放本标段密钥' }).waitFor({ timeout: 30_000 })
  await wellMade(keeper, 'envelope-6-custodian')
  for (const one of [agency, keeper]) expect(one.complaints).toEqual([])
})

test('the second is opened of those who passed, and has a record of its own', async () => {
  for (const one of doubled.custodians.slice(0, 2)) await release(world, doubled, one)
  const table = watcher.page.getByRole('table', { name: '开标一览表' })
  await table.getByText('8,000,000.02').first().waitFor({ timeout: 30_000 })
  expect(await table.getByText('8,000,000.03').count()).toBe(0)
  await wellMade(watcher, 'envelope-7-second')
  for (const one of doubledBids.slice(0, 3)) await answer(world, doubled, one)
  await watcher.page.getByRole('link', { name: '下载第二信封开标记录' }).waitFor({ timeout: 60_000 })
  await watcher.page.getByRole('link', { name: '下载第一信封开标记录' }).waitFor()
  await watcher.go(`/lots/${doubled.lotId}/screen`)
  await watcher.page.getByText('8,000,000.02').waitFor()
  await watcher.page.setViewportSize({ width: 1920, height: 1080 })
  expect(await axe(watcher.page)).toEqual([])
  if (process.env.SHOTS) await watcher.page.screenshot({ path: join(process.env.SHOTS, 'envelope-9-screen.png') })
  for (const one of [watcher, supervisor]) expect(one.complaints).toEqual([])
})
