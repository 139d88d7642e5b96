// The upload protocol as a stock client speaks it: tus-js-client as npm ships it, with the options its own README shows.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, rename, symlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import { Upload, type UploadOptions } from 'tus-js-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hex } from '@/crypto/bytes'
import { sliceTree } from '@/crypto/merkle'
import { nodeSuites } from '@/crypto/suite-node'
import { aBidder, type Bidder } from '@/tests/factories/bid'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { mountRaw } from '~/api/raw.server'
import { makeCtx } from '~/platform/start.server'
import { readUpload, uploadFolder } from '~/trading/bid/upload.server'

let t: TestPlatform
let server: Server
let bidder: Bidder
let endpoint: string
const seen: { method: string; offset: number }[] = []

beforeAll(async () => {
  t = await testPlatform()
  bidder = await aBidder(t, { suite: 'intl' })
  const app = express()
  app.use((request, _response, next) => {
    seen.push({ method: request.method, offset: Number(request.get('upload-offset') ?? 0) })
    next()
  })
  const contextOf = async () => ({
    platform: t.platform,
    actor: bidder.actor,
    requestId: 'r-1',
    address: '',
    nonce: '',
    sessionToken: null,
    ctx: () => makeCtx(t.platform, bidder.actor),
  })
  mountRaw(app, t.platform, { watch: () => () => {}, open: () => {}, close: () => {} } as never, contextOf)
  server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/uploads`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await t.close()
})

const idOf = (upload: Upload) => upload.url!.split('/').at(-1)!

/** Runs an upload to its end; `onProgress` may break it off, which resolves with `false`. */
function run(bytes: Buffer, options: UploadOptions, onProgress: (upload: Upload, sent: number) => boolean = () => false) {
  return new Promise<{ upload: Upload; isWhole: boolean }>((resolve, reject) => {
    let isBroken = false
    const upload: Upload = new Upload(bytes, {
      ...options,
      onError: reject,
      onSuccess: () => resolve({ upload, isWhole: true }),
      onProgress: sent => {
        if (isBroken || !onProgress(upload, sent)) return
        isBroken = true
        void upload.abort().then(() => resolve({ upload, isWhole: false }))
      },
    })
    upload.start()
  })
}

async function expectWhole(uploadId: string, bytes: Buffer): Promise<void> {
  const tree = sliceTree(nodeSuites.intl.hash)
  await tree.push(bytes)
  const root = { sha256: hex(await tree.root()), sm3: null }
  expect(await readUpload(await t.ctx(bidder.actor), uploadId)).toMatchObject({ offset: bytes.length, root })
}

test('one press: created, sent, whole; the names a client sends by habit are kept nowhere', async () => {
  const bytes = randomBytes(3_000_000)
  const metadata = { filename: '技术标 第一标段.pdf', filetype: 'application/pdf' }
  const { upload } = await run(bytes, { endpoint, retryDelays: [0, 300], metadata })
  await expectWhole(idOf(upload), bytes)
  const folder = uploadFolder(t.platform)
  const beside = (await readdir(folder)).filter(name => name.endsWith('.json'))
  expect(beside.length).toBeGreaterThan(0)
  for (const name of beside) expect(await readFile(join(folder, name), 'utf8')).not.toContain('filename')
})

test('broken off in the middle, another run of the client asks how far it came and sends only the rest', async () => {
  const bytes = randomBytes(24_000_000)
  const first = await run(bytes, { endpoint, chunkSize: 4_000_000 }, (_upload, sent) => sent > 9_000_000)
  expect(first.isWhole).toBe(false)
  seen.length = 0
  const { upload } = await run(bytes, { endpoint, uploadUrl: first.upload.url })
  expect(idOf(upload)).toBe(idOf(first.upload))
  expect(seen.map(one => one.method)).toEqual(['HEAD', 'PATCH'])
  expect(seen[1]!.offset).toBeGreaterThanOrEqual(8_000_000)
  await expectWhole(idOf(upload), bytes)
})

test('a connection that breaks is made anew by the client itself, as its defaults have it', async () => {
  const bytes = randomBytes(24_000_000)
  let cuts = 0
  seen.length = 0
  const { upload, isWhole } = await run(bytes, { endpoint, chunkSize: 6_000_000 }, (_upload, sent) => {
    if (cuts < 2 && sent > 7_000_000 * (cuts + 1)) {
      cuts++
      server.closeAllConnections()
    }
    return false
  })
  expect([isWhole, cuts]).toEqual([true, 2])
  expect(seen.filter(one => one.method === 'HEAD').length).toBeGreaterThan(0)
  await expectWhole(idOf(upload), bytes)
}, 60_000)

test('sent together with its creation, as the client can', async () => {
  const bytes = randomBytes(700_000)
  const { upload } = await run(bytes, { endpoint, uploadDataDuringCreation: true })
  await expectWhole(idOf(upload), bytes)
})

test('a disk that is full in mid-write is said to the sender (507), who goes on from there once there is room', async () => {
  const bytes = randomBytes(300_000)
  const headers = { 'tus-resumable': '1.0.0' }
  const begun = await fetch(endpoint, { method: 'POST', headers: { ...headers, 'upload-length': String(bytes.length) } })
  const url = new URL(begun.headers.get('location')!, endpoint)
  const path = join(uploadFolder(t.platform), url.pathname.split('/').at(-1)!)
  const send = (offset: number) =>
    fetch(url, {
      method: 'PATCH',
      headers: { ...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: bytes.subarray(offset),
    })
  await rename(path, `${path}.kept`)
  // What is written to this device finds no room, on every Linux.
  await symlink('/dev/full', path)
  const refused = await send(0)
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([507, 'storage-full'])
  await rename(`${path}.kept`, path)
  expect((await send(0)).status).toBe(204)
})
