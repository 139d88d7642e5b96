import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aSigner } from '@/tests/factories/certificate'
import { type AKeyHolder, type ATender, aBidder, afterDeadline, aSealedBid, aTender, withSpare } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { revokeCertificate } from '~/platform/identity/certificate.server'
import { readBidPage } from '~/trading/bid/bid-page.read.server'
import { listSealAgain } from '~/trading/bid/seal-again.read.server'

let t: TestPlatform
let tender: ATender
beforeAll(async () => {
  t = await testPlatform()
  tender = await aTender(t, { seconds: 3600, lot: { releaseMode: 'both' } })
})
afterAll(() => t.close())

const newLock = ({ actor }: AKeyHolder, algorithm: 'p256' | 'sm2' = 'p256') => aSigner(t, actor, { algorithm, use: 'encrypt' })
const due = async ({ actor }: AKeyHolder) =>
  (await listSealAgain(await t.ctx(actor))).map(({ lotId, isOldGone }) => ({ lotId, isOldGone }))
const onPage = async ({ actor }: AKeyHolder, { lotId } = tender) => (await readBidPage(await t.ctx(actor), lotId)).sealAgain

test('a new encryption certificate brings the warning to whoever has a bid locked for the old one, until it is sealed again', async () => {
  const [one, other] = [await aBidder(t), await aBidder(t)]
  const bid = await aSealedBid(t, tender, { bidder: one })
  await aSealedBid(t, tender, { bidder: other })
  expect([await due(one), await onPage(one)]).toEqual([[], null])
  await t.pass(1_000)
  const lock = await newLock(one)
  expect(await due(one)).toEqual([{ lotId: tender.lotId, isOldGone: false }])
  expect(await onPage(one)).toMatchObject({ lotId: tender.lotId, isOldGone: false })
  expect(await due(other)).toEqual([])
  const relocked = { ...one, spki: lock.keys.spki, key: { ...one.key, kid: lock.fingerprint } }
  await aSealedBid(t, tender, { former: { ...bid, bidder: relocked } })
  expect([await due(one), await onPage(one)]).toEqual([[], null])
})

test('it is stronger when the old certificate was revoked', async () => {
  const one = await aBidder(t)
  await aSealedBid(t, tender, { bidder: one })
  await t.pass(1_000)
  await newLock(one)
  await revokeCertificate(await t.ctx(one.actor), { fingerprint: one.key.kid })
  expect(await due(one)).toEqual([{ lotId: tender.lotId, isOldGone: true }])
})

test('a new certificate of the other suite, a withdrawn bid, or a new one that is among the locks brings none', async () => {
  const [gm, gone, spare] = [await aBidder(t), await aBidder(t), await withSpare(t, await aBidder(t), 'intl')]
  await aSealedBid(t, tender, { bidder: gm })
  const bid = await aSealedBid(t, tender, { bidder: gone })
  await aSealedBid(t, tender, { former: bid, withdraws: true })
  await aSealedBid(t, tender, { bidder: spare })
  await t.pass(1_000)
  await newLock(gm, 'sm2')
  await newLock(gone)
  for (const one of [gm, gone, spare]) expect([await due(one), await onPage(one)]).toEqual([[], null])
})

test('a bid without a part of the bidder’s own needs no such warning, and after the deadline nobody gets one', async () => {
  const custody = await aTender(t, { seconds: 60, lot: { releaseMode: 'custody' } })
  const soon = await aTender(t, { seconds: 60, lot: { releaseMode: 'both' } })
  const [free, late] = [await aBidder(t), await aBidder(t)]
  await aSealedBid(t, custody, { bidder: free })
  await aSealedBid(t, soon, { bidder: late })
  await t.pass(1_000)
  await newLock(free)
  await newLock(late)
  expect(await due(free)).toEqual([])
  expect(await due(late)).toEqual([{ lotId: soon.lotId, isOldGone: false }])
  await afterDeadline(t, soon)
  expect(await due(late)).toEqual([])
})

test('the warning leaves no row behind: looking writes nothing', async () => {
  const one = await aBidder(t)
  await aSealedBid(t, tender, { bidder: one })
  await newLock(one)
  await t.platform.sequencer.flush()
  const tables = sql`select coalesce(sum((xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint), 0)::text as n
    from pg_tables where schemaname = 'public'`
  const count = async () => (await t.platform.database.db.execute<{ n: string }>(tables)).rows[0]!.n
  const before = await count()
  await due(one)
  await onPage(one)
  expect(await count()).toBe(before)
})
