// Uploads that no bid needs leave the disk; what a commit names stays, whoever is killed where.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { upload } from '@/db/schema/trading/bid'
import { anActor } from '@/tests/factories/actor'
import {
  aBid,
  aBidder,
  anUpload,
  type Bidder,
  bidFiles,
  commitStatement,
  sealFor,
  statementOf,
  uploadAll,
} from '@/tests/factories/bid'
import { type BidApi, bidApi } from '@/tests/factories/bid-api'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { discardUpload, nextDiscard, removeDiscarded } from '~/trading/bid/discard-upload.server'
import { sealedPath, uploadFolder } from '~/trading/bid/upload.server'

const day = 86_400_000
const minute = 60_000
let t: TestPlatform
let api: BidApi
let lot: SealingLot
let bidder: Bidder

const strikes = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }))
vi.mock('node:fs/promises', async importOriginal => {
  const real = await importOriginal<typeof import('node:fs/promises')>()
  const rm: typeof real.rm = async (...of) => {
    if (strikes.left-- <= 0) throw new Error('killed')
    return real.rm(...of)
  }
  return { ...real, rm }
})

beforeAll(async () => {
  t = await testPlatform()
  api = bidApi(t)
  lot = await aSealingLot(t, { seconds: 90 * 86_400 })
  bidder = await aBidder(t, lot)
})
afterAll(async () => {
  api.close()
  await t.close()
})

const path = (id: string) => sealedPath({ platform: t.platform }, id)
const onDisk = () => readdirSync(uploadFolder(t.platform)).sort()
const sweep = async () => removeDiscarded(await t.ctx())
const rowOf = async (id: string) => (await (await t.ctx()).db.select().from(upload).where(eq(upload.id, id)))[0]
const part = () => anUpload(t, bidder.actor, new Uint8Array(5_000).fill(7), 9_000)
const digest = (id: string) =>
  createHash('sha256')
    .update(readFileSync(path(id)))
    .digest('hex')

async function deleted(id: string): Promise<number> {
  const answer = await fetch(`${api.base}/uploads/${id}`, { method: 'DELETE' })
  return answer.status
}

test('its owner gives an upload up: gone for the owner at once, from the disk after a quarter of an hour', async () => {
  api.as(bidder.actor)
  const id = await part()
  expect(await deleted(id)).toBe(204)
  expect([await deleted(id), (await fetch(`${api.base}/uploads/${id}`, { method: 'HEAD' })).status]).toEqual([404, 404])
  await sweep()
  expect(existsSync(path(id))).toBe(true)
  await t.pass(16 * minute)
  await sweep()
  expect([existsSync(path(id)), existsSync(`${path(id)}.json`), await rowOf(id)]).toEqual([false, false, undefined])
})

test('a stock client’s termination is understood', async () => {
  api.as(bidder.actor)
  const id = await part()
  await Upload.terminate(`${api.base}/uploads/${id}`)
  expect((await rowOf(id))?.discardedAt).toBeInstanceOf(Date)
})

test('nobody else can', async () => {
  const id = await part()
  api.as((await aBidder(t, lot)).actor)
  expect(await deleted(id)).toBe(404)
  api.as({ kind: 'public' })
  expect(await deleted(id)).toBe(401)
  api.as(await anActor(t, 'agency'))
  expect(await deleted(id)).toBe(403)
  expect((await rowOf(id))?.discardedAt).toBeNull()
})

test('what was given up can be named by no commit: the bidder is told to send it again', async () => {
  const sealed = await sealFor(lot, bidder, bidFiles(lot.lotId))
  const uploads = await uploadAll(t, bidder.actor, sealed)
  await discardUpload(await t.ctx(bidder.actor), { uploadId: Object.values(uploads)[0]! })
  const statement = statementOf(t, lot, bidder, { files: sealed.files })
  await expect(commitStatement(t, lot, bidder, statement, uploads)).rejects.toMatchObject({ code: 'upload-unknown' })
})

test('what a commit names stays, replaced or not, however old and whoever gave it up; what none names goes by its age', async () => {
  const first = await aBid(t, lot)
  const second = await aBid(t, lot, { bidder: first.bidder, after: first })
  const named = [...Object.values(first.uploads), ...Object.values(second.uploads)]
  const before = named.map(digest)
  const idle = [await part(), await anUpload(t, bidder.actor, new Uint8Array(100))]
  for (const uploadId of named) await discardUpload(await t.ctx(first.bidder.actor), { uploadId })
  await t.pass(16 * minute)
  await sweep()
  expect(named.map(digest)).toEqual(before)
  await t.pass(29 * day)
  await sweep()
  expect(idle.map(id => existsSync(path(id)))).toEqual([true, true])
  await t.pass(2 * day)
  await sweep()
  await t.pass(16 * minute)
  await sweep()
  expect(idle.map(id => existsSync(path(id)))).toEqual([false, false])
  expect(named.map(digest)).toEqual(before)
  const rows = await Promise.all(named.map(rowOf))
  expect(rows.map(row => [row?.discardedAt ?? null, row?.keptAt instanceof Date])).toEqual(named.map(() => [null, true]))
  // The bid can still be replaced after all this.
  await aBid(t, lot, { bidder: first.bidder, after: { seq: 2, statement: second.statement } })
})

test('a commit that slipped in beside the giving up wins', async () => {
  const one = await aBid(t, lot)
  const ids = Object.values(one.uploads)
  const { db, now } = await t.ctx()
  for (const id of ids) await db.update(upload).set({ discardedAt: now }).where(eq(upload.id, id))
  await t.pass(16 * minute)
  await sweep()
  expect(ids.map(id => existsSync(path(id)))).toEqual([true, true])
})

test('opened bids keep theirs by their rows', async () => {
  const short = await aSealingLot(t, { seconds: 600 })
  const bids = [await aBid(t, short), await aBid(t, short), await aBid(t, short)]
  const ids = bids.flatMap(({ uploads }) => Object.values(uploads))
  const before = ids.map(digest)
  await t.pass(601_000)
  await t.tick()
  expect((await t.platform.database.pool.query('select 1 from bid where lot_id = $1', [short.lotId])).rowCount).toBe(3)
  await t.pass(31 * day)
  await sweep()
  await t.pass(16 * minute)
  await sweep()
  expect(ids.map(digest)).toEqual(before)
})

test('the worker does it by itself with an empty queue, and is due when the next is old enough', async () => {
  const id = await part()
  const due = await nextDiscard(await t.ctx())
  const { createdAt } = (await rowOf(id))!
  expect(due!.getTime()).toBeLessThanOrEqual(createdAt.getTime() + 30 * day)
  await discardUpload(await t.ctx(bidder.actor), { uploadId: id })
  await t.pass(16 * minute)
  await t.platform.database.pool.query('delete from outbox')
  await t.tick()
  expect(existsSync(path(id))).toBe(false)
})

test('stopped between any two removals, the next sweep goes on; nothing else is touched', async () => {
  const kept = Object.values((await aBid(t, lot)).uploads)
  const loose = [await part(), await part(), await part()]
  for (const uploadId of loose) await discardUpload(await t.ctx(bidder.actor), { uploadId })
  await t.pass(16 * minute)
  const others = onDisk().filter(name => !loose.includes(name))
  for (let at = 0; at < 6; at++) {
    strikes.left = at
    await expect(sweep()).rejects.toThrow('killed')
    expect((await Promise.all(loose.map(rowOf))).every(row => row?.discardedAt)).toBe(true)
  }
  strikes.left = Number.POSITIVE_INFINITY
  await sweep()
  expect(onDisk()).toEqual(others)
  expect(await Promise.all(loose.map(rowOf))).toEqual([undefined, undefined, undefined])
  expect(kept.every(id => existsSync(path(id)))).toBe(true)
  await sweep()
})

test('no row and no entry of it names a lot or, in clear, anybody', async () => {
  const { rows } = await t.platform.database.pool.query<{ row: string }>(
    `select l::text as row from log_payload l where action like 'upload.%' union all select u::text from upload u`,
  )
  expect(rows.length).toBeGreaterThan(3)
  for (const { row } of rows)
    for (const name of [lot.lotId, bidder.actor.organisationId, bidder.actor.personId]) expect(row.includes(name)).toBe(false)
  const own = await t.platform.database.pool.query(`select 1 from log_payload where action = 'upload.discard'`)
  expect(own.rowCount).toBe(0)
})
