import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hex } from '@/crypto/bytes'
import { sliceTree } from '@/crypto/merkle'
import { nodeSuites } from '@/crypto/suite-node'
import { verifyPaper } from '@/crypto/verify/paper'
import { aBidder, type Bidder, bidFiles, sealFor, statementOf } from '@/tests/factories/bid'
import { signText } from '@/tests/factories/certificate'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { bidEndpoints } from '~/api/bid.server'
import { mountRaw } from '~/api/raw.server'
import { apiRouter } from '~/http/api/router.server'
import type { Actor } from '~/platform/ctx'
import { makeCtx } from '~/platform/start.server'
import { readHead, uploadFolder } from '~/trading/bid/upload.server'

let t: TestPlatform
let server: Server
let base: string
let lot: SealingLot
let bidder: Bidder
let actor: Actor = { kind: 'public' }
let sessionToken: string | null = null

beforeAll(async () => {
  t = await testPlatform()
  lot = await aSealingLot(t, { seconds: 3600 })
  bidder = await aBidder(t, lot)
  const app = express()
  const contextOf = async () => ({
    platform: t.platform,
    actor,
    requestId: 'r-1',
    address: '',
    nonce: '',
    sessionToken,
    ctx: () => makeCtx(t.platform, actor),
  })
  mountRaw(app, t.platform, { watch: () => () => {}, open: () => {}, close: () => {} } as never, contextOf)
  app.use('/api/v1', apiRouter(bidEndpoints, contextOf))
  server = app.listen(0)
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/api/v1`
  actor = bidder.actor
})
afterAll(async () => {
  server.close()
  await t.close()
})

const tus = { 'tus-resumable': '1.0.0' }
const start = (headers: Record<string, string>) => fetch(`${base}/uploads`, { method: 'POST', headers: { ...tus, ...headers } })
const send = (id: string, offset: number, body: Uint8Array) =>
  fetch(`${base}/uploads/${id}`, {
    method: 'PATCH',
    headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: new Uint8Array(body),
  })
const offsetOf = async (id: string) =>
  Number((await fetch(`${base}/uploads/${id}`, { method: 'HEAD', headers: tus })).headers.get('upload-offset'))
const idOf = (response: Response) => response.headers.get('location')!.split('/').at(-1)!
const problem = async (response: Response) => [response.status, (await response.json()).code]

async function uploadWhole(bytes: Uint8Array): Promise<string> {
  const id = idOf(await start({ 'upload-length': String(bytes.length) }))
  const half = Math.floor(bytes.length / 2)
  expect((await send(id, 0, bytes.subarray(0, half))).status).toBe(204)
  expect(await offsetOf(id)).toBe(half)
  expect((await send(id, 0, bytes)).status).toBe(409)
  expect((await send(id, half, bytes.subarray(half))).status).toBe(204)
  return id
}

test('a sealed bid goes up in pieces, goes on where it stopped, and is committed with a receipt', async () => {
  const sealed = await sealFor(lot, bidder, bidFiles(lot.lotId))
  const uploads: Record<string, string> = {}
  for (const [fileId, bytes] of sealed.bytes) uploads[fileId] = await uploadWhole(bytes)
  const [file] = sealed.files
  const state = await (await fetch(`${base}/uploads/${uploads[file!.fileId]}`)).json()
  expect(state).toMatchObject({ size: file!.size, offset: file!.size, root: { sha256: file!.root, sm3: null } })
  expect(hex(nodeSuites.intl.hash(await readHead(await t.ctx(bidder.actor), uploads[file!.fileId]!)))).toBe(file!.head)
  const statement = statementOf(t, lot, bidder, { files: sealed.files })
  const body = JSON.stringify({ statement, cms: await signText(statement, bidder.signer), uploads })
  const post = () =>
    fetch(`${base}/lots/${lot.lotId}/bids`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body,
    })
  const first = await post()
  expect(first.status).toBe(201)
  const receipt = await first.json()
  expect(receipt).toMatchObject({ t: 'tbid/receipt@1', lot: lot.lotId })
  expect(await (await post()).json()).toEqual(receipt)
  const mine = await (await fetch(`${base}/lots/${lot.lotId}/my-bid`)).json()
  expect(mine.versions).toHaveLength(1)
  const paper = await fetch(`${base}/lots/${lot.lotId}/my-bid/receipt.pdf`)
  expect(paper.headers.get('content-disposition')).toContain(encodeURIComponent('投标文件递交回执'))
  expect(
    verifyPaper(new Uint8Array(await paper.arrayBuffer()), { anchors: null, revocationLists: [] }, new Date()).filter(
      f => f.result === 'broken',
    ),
  ).toEqual([])
  expect((await fetch(`${base}/lots/${lot.lotId}/my-bid/receipt.pdf?seq=9`)).status).toBe(409)
  const { rows } = await t.platform.database.pool.query('select count(*)::int as n from idempotency')
  expect(rows[0].n).toBe(0)
})

test('an upload has a random name that no client chooses, and lies under it', async () => {
  const wanted = crypto.randomUUID()
  const response = await start({ 'upload-length': '10', 'x-upload-name': wanted })
  const id = idOf(response)
  expect(response.status).toBe(201)
  expect(id).not.toBe(wanted)
  await send(id, 0, new Uint8Array(10))
  const stored = await readFile(join(uploadFolder(t.platform), id))
  expect(stored.length).toBe(10)
  // Its start is masked: what was sent as zeros does not lie there as zeros.
  expect(stored.equals(Buffer.alloc(10))).toBe(false)
})

test('the server’s root is the tree hash of the bytes, whatever they are', async () => {
  const bytes = new Uint8Array(1_500_000).map((_, at) => at % 241)
  const tree = sliceTree(nodeSuites.intl.hash)
  await tree.push(bytes)
  const id = await uploadWhole(bytes)
  const state = await (await fetch(`${base}/uploads/${id}`)).json()
  expect(state.root.sha256).toBe(hex(await tree.root()))
})

test('nothing, too much or a length left open is refused before a byte is taken', async () => {
  expect(await problem(await start({ 'upload-length': '0' }))).toEqual([409, 'file-empty'])
  expect(await problem(await start({ 'upload-length': String(2 * 2 ** 30) }))).toEqual([413, 'file-too-big'])
  expect(await problem(await start({ 'upload-defer-length': '1' }))).toEqual([422, 'bad-input'])
})

test('uploads and commits are for signed-in bidders, and an upload for its owner', async () => {
  const id = idOf(await start({ 'upload-length': '4' }))
  const other = await aBidder(t, lot)
  actor = other.actor
  expect((await send(id, 0, new Uint8Array(4))).status).toBe(404)
  expect((await fetch(`${base}/uploads/${id}`)).status).toBe(404)
  actor = { kind: 'public' }
  expect(await problem(await start({ 'upload-length': '4' }))).toEqual([401, 'not-signed-in'])
  const post = () =>
    fetch(`${base}/lots/${lot.lotId}/bids`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  expect(await problem(await post())).toEqual([401, 'not-signed-in'])
  actor = lot.agency
  expect(await problem(await post())).toEqual([403, 'not-allowed'])
  actor = bidder.actor
  sessionToken = 's'
  const cross = await fetch(`${base}/uploads`, {
    method: 'POST',
    headers: { ...tus, 'upload-length': '4', origin: 'https://elsewhere.example' },
  })
  expect(await problem(cross)).toEqual([403, 'csrf-failed'])
  sessionToken = null
})
