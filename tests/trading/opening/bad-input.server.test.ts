import { deflateRawSync } from 'node:zlib'
import { eq } from 'drizzle-orm'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { base64, unbase64 } from '@/crypto/bytes'
import { messageHash, messageText, readMessage } from '@/crypto/messages'
import { nodeRandom } from '@/crypto/suite-node'
import { releaseMessage } from '@/db/schema/trading/opening'
import { signText } from '@/tests/factories/certificate'
import { type AWitness, aRelease, aSealedBid, aTender, aWitness, priceText, release } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listEvents } from '~/trading/opening/event.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { answer, close, publicView, releaseAll } from './hall'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const text = (content: string) => new Uint8Array(Buffer.from(content))

/** 60 KB that inflate to 60 MB. */
const bomb = () => zipSync({ 'xl/worksheets/sheet1.xml': [new Uint8Array(60_000_000), { level: 9 }] })

const contents: [string, (lotId: string) => Uint8Array][] = [
  ['a zip bomb', bomb],
  ['a bare deflate bomb', () => new Uint8Array(deflateRawSync(Buffer.alloc(60_000_000), { level: 9 }))],
  ['a corrupt XLSX', () => zipSync({ '[Content_Types].xml': strToU8('<Types') }).slice(0, 60)],
  ['nothing', () => new Uint8Array()],
  ['noise', () => nodeRandom(65_000)],
  ['JSON cut short', lotId => text(priceText(lotId).slice(0, -1))],
  ['64 KiB of nested arrays', () => text('['.repeat(32_000) + ']'.repeat(32_000))],
  ['64 KiB of opening brackets', () => text('['.repeat(65_000))],
  ['a number of 60,000 digits', lotId => text(priceText(lotId).replace('1000000000', '9'.repeat(60_000)))],
  ['a field twice', lotId => text(priceText(lotId).replace('{', '{"currency":"CNY",'))],
  ['an unknown field', lotId => text(priceText(lotId, { zz: 1 }))],
  ['__proto__', lotId => text(priceText(lotId).replace('{', '{"__proto__":{"priceFen":"1"},'))],
  ['the price of another lot', () => text(priceText('00000000-0000-4000-8000-000000000000'))],
  ['a negative price', lotId => text(priceText(lotId).replace('"1000000000"', '"-1"'))],
]

test('a sealed price file that holds a bomb or rubbish is refused by name, and the hall goes on with the others', async () => {
  const tender = await aTender(t, { seconds: 240 })
  const good = [await aSealedBid(t, tender), await aSealedBid(t, tender), await aSealedBid(t, tender)]
  for (const [, make] of contents) await aSealedBid(t, tender, { contents: [{ role: 'price', bytes: make(tender.lotId) }] })
  await aSealedBid(t, tender, {
    contents: [
      { role: 'price', bytes: text(priceText(tender.lotId)) },
      { role: 'technical', bytes: bomb() },
    ],
  })
  const before = process.memoryUsage().rss
  await close(t, witness, tender)
  await releaseAll(t, tender)
  const view = await publicView(t, tender)
  expect(view.phase).toBe('objecting')
  const bad = view.hall.bids.slice(good.length, -1)
  expect(bad.map((b, i) => [contents[i]![0], b.state, b.failure?.failure, b.failure?.fault])).toEqual(
    contents.map(([name]) => [name, 'refused', 'price-unreadable', 'bidder']),
  )
  for (const one of [...view.hall.bids.slice(0, good.length), view.hall.bids.at(-1)!])
    expect(one).toMatchObject({ state: 'decrypted', files: { problems: [] } })
  // Nobody inflated anything.
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
})

test('the same release a thousand times is one message, one event and one set of parts', async () => {
  const tender = await aTender(t)
  for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
  await close(t, witness, tender)
  const holder = tender.custodians[0]!
  const message = await aRelease(t, tender, holder)
  const first = await releaseKeys(await t.ctx(holder.actor), message)
  for (let round = 0; round < 50; round++) {
    const again = await Promise.all(Array.from({ length: 20 }, async () => releaseKeys(await t.ctx(holder.actor), message)))
    for (const one of again) expect(one).toEqual(first)
  }
  const { lotId } = tender
  const db = t.platform.database.db
  const kept = await db.select().from(releaseMessage).where(eq(releaseMessage.lotId, lotId))
  expect(kept).toMatchObject([{ no: 1, accepted: 3, refused: [] }])
  expect((await listEvents(await t.ctx(), lotId)).filter(e => e.kind === 'released')).toHaveLength(1)
})

test('parts for a bid of another lot, of the wrong stage or length are refused each by name; the rest of the message counts', async () => {
  const [tender, other] = [await aTender(t), await aTender(t)]
  for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
  const foreign = await aSealedBid(t, other)
  await close(t, witness, tender)
  const holder = tender.custodians[0]!
  const foreignHash = messageHash(foreign.statement)
  const changed = await aRelease(t, tender, holder, sent => {
    const message = readMessage('tbid/release@1', sent)
    const [first, second, third] = message.releases
    return messageText({
      ...message,
      releases: [{ ...first!, statement: foreignHash }, { ...second!, value: base64(unbase64(second!.value).slice(1)) }, third!],
    })
  })
  const given = await releaseKeys(await t.ctx(holder.actor), changed)
  expect(given.refused.map(r => r.code)).toEqual(['unknown-bid', 'share-mismatch'])
  expect(given.accepted).toHaveLength(1)
  const wrongStage = await aRelease(t, tender, holder, sent =>
    messageText({ ...readMessage('tbid/release@1', sent), stage: 'price' }),
  )
  expect((await releaseKeys(await t.ctx(holder.actor), wrongStage)).refused.map(r => r.code)).toEqual(
    Array(3).fill('wrong-stage'),
  )
  await release(t, tender, tender.custodians[1]!)
  await release(t, tender, holder)
  await t.tick()
  expect((await publicView(t, tender)).hall.bids.every(b => b.state === 'decrypted')).toBe(true)
})

test('a message that is huge, nested, not canonical or not JSON is refused as bad input', async () => {
  const tender = await aTender(t)
  for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
  await close(t, witness, tender)
  const holder = tender.custodians[0]!
  const good = await aRelease(t, tender, holder)
  for (const message of ['', '[]', 'null', '['.repeat(100_000), `${good.message} `, good.message.replace('{', '{ '), '\u0000']) {
    const cms = unbase64(await signText(message, holder.signer))
    const sent = t.ctx(holder.actor).then(ctx => releaseKeys(ctx, { lotId: tender.lotId, message, cms }))
    await expect(sent).rejects.toMatchObject({ code: 'bad-input' })
  }
})

test('the host closes the page and never comes back: objections stand unanswered, and the record is published all the same', async () => {
  const tender = await aTender(t)
  const bids = []
  for (let i = 0; i < 3; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  await releaseAll(t, tender)
  await answer(t, tender, bids[0]!, 'objection', '唱标语速过快，请复述。')
  for (let step = 0; step < 12; step++) {
    await t.pass(10_000)
    await t.tick()
  }
  const view = await publicView(t, tender)
  expect(view.phase).toBe('recorded')
  expect(view.hall.bids.map(b => b.answer?.answer)).toEqual(['objection', 'silent', 'silent'])
  expect(view.hall.bids[0]!.reply).toBeNull()
})
