// The workers that send and commit what a browser keeps, against the real API and upload server; only the browser is played.

import { rmSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { messageHash } from '@/crypto/messages'
import { upload } from '@/db/schema/trading/bid'
import { aBidder, type Bidder, bidFiles, sealFor, statementOf } from '@/tests/factories/bid'
import { type BidApi, bidApi } from '@/tests/factories/bid-api'
import { signText } from '@/tests/factories/certificate'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { type FakeFolder, fakeBrowser } from '@/tests/setup/browser'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { certificateEndpoints } from '~/api/certificate.server'
import type { DeliverAnswer, DeliverTask } from '~/trading/bid/deliver-client'
import type { KeptBid } from '~/trading/bid/kept-bid'
import { alone, discardUnlessBusy, keptFolder, listKeptBids, putKeptBid, readKeptBid } from '~/trading/bid/kept-bid-client'
import { sealedPath } from '~/trading/bid/upload.server'

type Send = (path: string, init: RequestInit) => Promise<Response>

let t: TestPlatform
let api: BidApi
let lot: SealingLot
let work: (task: DeliverTask) => void
let root: FakeFolder
/** What stands between browser and platform; a test may put itself there. */
let wire: (send: Send, path: string, init: RequestInit) => Promise<Response>
let hear: (answer: DeliverAnswer) => void = () => {}

beforeAll(async () => {
  t = await testPlatform()
  api = bidApi(t, certificateEndpoints)
  lot = await aSealingLot(t, { seconds: 3600 })
  const real = globalThis.fetch
  const send: Send = (path, init) => real(`${api.base.replace('/api/v1', '')}${path}`, init)
  const browser = fakeBrowser()
  root = browser.root
  vi.stubGlobal('navigator', browser.stubs.navigator)
  vi.stubGlobal('indexedDB', browser.stubs.indexedDB)
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => wire(send, path, init))
  vi.stubGlobal('self', {
    postMessage: (answer: DeliverAnswer) => hear(answer),
    addEventListener: (_: string, listener: (event: { data: DeliverTask }) => void) => {
      work = data => listener({ data })
    },
  })
  await import('~/trading/bid/deliver.worker')
})
afterAll(async () => {
  vi.unstubAllGlobals()
  api.close()
  await t.close()
})
beforeEach(() => {
  wire = (send, path, init) => send(path, init)
})

/** Gives the worker a task; resolves with what it says last. */
function told(task: DeliverTask): Promise<DeliverAnswer> {
  return new Promise(resolve => {
    hear = answer => {
      if (answer.kind !== 'progress') resolve(answer)
    }
    work(task)
  })
}

const fileOf = async (bidId: string, fileId: string) => {
  const folder = await (await root.getDirectoryHandle(keptFolder, { create: true })).getDirectoryHandle(bidId, { create: true })
  return folder.getFileHandle(fileId, { create: true })
}

/** A bid as the sealing worker leaves it: ciphertext in the store, the signed statement beside it. */
async function aKeptBid(): Promise<{ kept: KeptBid; bidder: Bidder }> {
  const bidder = await aBidder(t, lot)
  const sealed = await sealFor(lot, bidder, bidFiles(lot.lotId))
  const statement = statementOf(t, lot, bidder, { files: sealed.files })
  const id = crypto.randomUUID()
  for (const [fileId, bytes] of sealed.bytes) (await fileOf(id, fileId)).bytes = Uint8Array.from(bytes)
  const kept: KeptBid = {
    ...{ id, lotId: lot.lotId, org: bidder.actor.organisationId, suite: 'intl', policy: lot.policy.payload },
    ...{ deadline: '2026-12-01T01:30:00Z', termsVersion: 1, prev: null, statement, statementHash: messageHash(statement) },
    cms: await signText(statement, bidder.signer),
    sealedAt: new Date().toISOString(),
    files: sealed.files.map(({ fileId, role, size, root }) => ({ fileId, role, size, root, uploadId: null, sent: 0 })),
  }
  await putKeptBid(kept)
  api.as(bidder.actor)
  return { kept, bidder }
}

const sent = async (keptId: string) => {
  const answer = await told({ task: 'send', keptId })
  expect(answer).toMatchObject({ kind: 'sent' })
  return (answer as Extract<DeliverAnswer, { kind: 'sent' }>).signed
}

async function forget(uploadId: string): Promise<void> {
  await t.platform.database.db.delete(upload).where(eq(upload.id, uploadId))
  rmSync(sealedPath({ platform: t.platform }, uploadId))
}

const commits = (bidder: Bidder) => {
  api.as(bidder.actor)
  return fetch(`/api/v1/lots/${lot.lotId}/my-bid`, {}).then(async answer => (await answer.json()).versions.length)
}

test('what is kept is sent, committed, its receipt checked, and then nothing of it stays', async () => {
  const { kept } = await aKeptBid()
  expect(await told({ task: 'commit', signed: await sent(kept.id) })).toMatchObject({ kind: 'committed', isProven: true })
  expect(await readKeptBid(kept.id)).toBeUndefined()
  expect((await root.getDirectoryHandle(keptFolder)).entries.has(kept.id)).toBe(false)
})

test('a kept file that was damaged is named as such, sent or not, and never committed', async () => {
  const { kept, bidder } = await aKeptBid()
  const file = await fileOf(kept.id, kept.files[1]!.fileId)
  file.bytes[file.bytes.length - 100]! ^= 1
  for (const _ of ['sent and judged', 'judged again']) {
    expect(await told({ task: 'send', keptId: kept.id })).toEqual({ kind: 'failed', problem: 'kept-damaged' })
  }
  file.bytes = file.bytes.subarray(1)
  expect(await told({ task: 'send', keptId: kept.id })).toEqual({ kind: 'failed', problem: 'kept-damaged' })
  expect(await commits(bidder)).toBe(0)
  expect(await readKeptBid(kept.id)).toBeDefined()
})

test('a kept file that the browser cleared away is missed', async () => {
  const { kept } = await aKeptBid()
  ;(await root.getDirectoryHandle(keptFolder)).entries.delete(kept.id)
  expect(await told({ task: 'send', keptId: kept.id })).toEqual({ kind: 'failed', problem: 'kept-missing' })
  await discardUnlessBusy(kept.id)
  expect(await told({ task: 'send', keptId: kept.id })).toEqual({ kind: 'failed', problem: 'kept-missing' })
})

/** Bends a byte of every piece that goes over the wire while `isBent`. */
const bending = (isBent: () => boolean) => async (send: Send, path: string, init: RequestInit) => {
  if (init.method !== 'PATCH' || !isBent()) return send(path, init)
  const bytes = new Uint8Array(await (init.body as Blob).arrayBuffer())
  bytes[bytes.length - 1]! ^= 1
  return send(path, { ...init, body: bytes })
}

test('what arrived otherwise than it was signed is sent once more; twice otherwise is told', async () => {
  const { kept, bidder } = await aKeptBid()
  wire = bending(() => true)
  expect(await told({ task: 'send', keptId: kept.id })).toEqual({ kind: 'failed', problem: 'not-intact' })
  expect(await commits(bidder)).toBe(0)
  let bent = 0
  wire = bending(() => bent++ === 0)
  await sent(kept.id)
  expect(bent).toBeGreaterThan(2)
})

test('an upload that the platform does not know, from the start or any more, begins anew', async () => {
  const { kept } = await aKeptBid()
  const [price, technical] = kept.files
  await putKeptBid({ ...kept, files: [{ ...price!, uploadId: crypto.randomUUID(), sent: 10 }, technical!] })
  await sent(kept.id)
  const lost = (await readKeptBid(kept.id))!.files[1]!.uploadId!
  await forget(lost)
  await sent(kept.id)
  const { files } = (await readKeptBid(kept.id))!
  expect(files[1]!.uploadId).not.toBe(lost)
  expect(files.map(file => file.sent)).toEqual(files.map(file => file.size))
})

test('an upload that is gone between two of its pieces begins anew', async () => {
  const { kept } = await aKeptBid()
  let pieces = 0
  wire = async (send, path, init) => {
    if (init.method === 'PATCH' && ++pieces === 3) await forget(path.split('/').at(-1)!)
    return send(path, init)
  }
  await sent(kept.id)
  expect(pieces).toBeGreaterThan(4)
})

test('an upload that is gone when the bid is committed is sent again by itself', async () => {
  const { kept, bidder } = await aKeptBid()
  const signed = await sent(kept.id)
  await forget((await readKeptBid(kept.id))!.files[0]!.uploadId!)
  expect(await told({ task: 'commit', signed })).toMatchObject({ kind: 'committed', isProven: true })
  expect(await commits(bidder)).toBe(1)
})

test('two pages of one browser: only one sends, and neither takes away what the other is sending', async () => {
  const { kept } = await aKeptBid()
  const answers: DeliverAnswer[] = []
  let isDiscarded: boolean | null = null
  wire = async (send, path, init) => {
    if (init.method === 'PATCH') isDiscarded ??= await discardUnlessBusy(kept.id)
    return send(path, init)
  }
  await new Promise<void>(resolve => {
    hear = answer => {
      if (answer.kind === 'progress') return
      if (answers.push(answer) === 2) resolve()
    }
    work({ task: 'send', keptId: kept.id })
    work({ task: 'send', keptId: kept.id })
  })
  expect(answers).toMatchObject([{ kind: 'failed', problem: 'busy' }, { kind: 'sent' }])
  expect(isDiscarded).toBe(false)
  expect(await readKeptBid(kept.id)).toBeDefined()
  const { files } = (await readKeptBid(kept.id))!
  expect(await discardUnlessBusy(kept.id)).toBe(true)
  const known = await Promise.all(files.map(file => fetch(`/api/v1/uploads/${file.uploadId}`, { method: 'HEAD' })))
  expect(known.map(answer => answer.status)).toEqual([404, 404])
  expect((await listKeptBids()).some(({ id }) => id === kept.id)).toBe(false)
})

test('two pages that sent the same bid both commit it: one bid, the same receipt, nothing doubled', async () => {
  const { kept, bidder } = await aKeptBid()
  const signed = await sent(kept.id)
  const first = await told({ task: 'commit', signed })
  const second = await told({ task: 'commit', signed })
  expect([first.kind, second.kind]).toEqual(['committed', 'committed'])
  const receiptOf = (answer: DeliverAnswer) => (answer.kind === 'committed' ? answer.receipt.statement : null)
  expect(receiptOf(second)).toBe(receiptOf(first))
  expect(await commits(bidder)).toBe(1)
})

test('a bid whose ciphertext went away before it was committed is missed, not called delivered', async () => {
  const { kept, bidder } = await aKeptBid()
  const signed = await sent(kept.id)
  await discardUnlessBusy(kept.id)
  expect(await told({ task: 'commit', signed })).toEqual({ kind: 'failed', problem: 'kept-missing' })
  expect(await commits(bidder)).toBe(0)
})

test('a lost connection is told as such, what is kept stays, and going on finds what had come', async () => {
  const { kept } = await aKeptBid()
  const later = globalThis.setTimeout
  const pauses = new Set([600, 1_200, 2_400, 4_800, 9_600, 15_000])
  const sooner = (run: () => void, ms?: number) => later(run, pauses.has(ms ?? 0) ? 1 : ms)
  vi.stubGlobal('setTimeout', sooner)
  wire = async (send, path, init) => (init.method === 'PATCH' ? Promise.reject(new TypeError('cut')) : send(path, init))
  expect(await told({ task: 'send', keptId: kept.id })).toEqual({ kind: 'failed', problem: 'lost' })
  vi.stubGlobal('setTimeout', later)
  wire = (send, path, init) => send(path, init)
  await sent(kept.id)
})

test('while one page holds a name no other gets it, and afterwards the next does', async () => {
  const inner = await alone('x', async () => alone('x', async () => 1))
  expect(inner).toEqual({ result: null })
  expect(await alone('x', async () => 2)).toEqual({ result: 2 })
})
